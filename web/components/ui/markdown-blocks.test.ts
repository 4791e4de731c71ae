import { closed, grown, NO_BLOCKS, type Blocks } from "./markdown-blocks";

const TEXT = "# Sales\n\nIn **2026** they rose.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sql\nselect 1\n\nfrom x\n```\n\nThe end.";

function streamed(text: string, step: number): Blocks {
  let now = NO_BLOCKS;
  for (let end = step; end < text.length + step; end += step) now = grown(now, text.slice(0, end));
  return now;
}

const pieces = ({ blocks }: Blocks) => blocks.map((block) => block.text);

test("a text is split into its blocks, and nothing of it is lost", () => {
  const split = grown(NO_BLOCKS, TEXT);
  expect(split.blocks.map((block) => block.level)).toEqual([1, null, null, null, null, null]);
  expect(pieces(split).join("")).toBe(TEXT);
});

test.each([1, 3, 7])("a text that streams in by %i characters ends as one that came at once", (step) => {
  expect(streamed(TEXT, step)).toEqual(grown(NO_BLOCKS, TEXT));
});

test("what is drawn already stays the same while the end grows", () => {
  const before = grown(NO_BLOCKS, `${TEXT} And`);
  const after = grown(before, `${TEXT} And more.\n\nNew.`);
  expect(after.blocks.slice(0, 5)).toEqual(before.blocks.slice(0, 5));
});

test("a text that was replaced is split anew", () => {
  expect(pieces(grown(grown(NO_BLOCKS, "One.\n\nTwo."), "Three."))).toEqual(["Three."]);
});

test("notes and links defined elsewhere keep the text in one piece", () => {
  const text = "See [it][1].\n\nMore.\n\n[1]: https://example.org";
  expect(pieces(grown(NO_BLOCKS, text))).toEqual([text]);
});

test("line ends of Windows lose nothing", () => {
  expect(pieces(grown(NO_BLOCKS, "a\r\n\r\nb")).join("")).toBe("a\r\n\r\nb");
});

test("an unfinished end is closed", () => {
  expect(closed("It is **bo")).toBe("It is **bo**");
  expect(closed("See [the docs](https://exa")).toBe("See the docs");
});
