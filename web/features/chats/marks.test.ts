import { marks, wordsOf } from "./marks";

const shown = (text: string, ...words: string[]) =>
  marks(text, words).map((part) => (part.marked ? `[${part.text}]` : part.text)).join("");

test("words are marked whatever their case", () => {
  expect(shown("Total by Region, region by region", "region")).toBe("Total by [Region], [region] by [region]");
});

test("signs mean themselves", () => {
  expect(shown("100% of a.b (c)", "%", "a.b", "(c)")).toBe("100[%] of [a.b] [(c)]");
  expect(shown("axb", "a.b")).toBe("axb");
});

test("the longer word wins", () => {
  expect(shown("sales", "sa", "sales")).toBe("[sales]");
});

test("without a word nothing is marked", () => {
  expect(marks("text", [])).toEqual([{ text: "text", marked: false }]);
  expect(marks("", [])).toEqual([]);
});

test("words of a search", () => {
  expect(wordsOf("  Two  WORDS ")).toEqual(["two", "words"]);
});
