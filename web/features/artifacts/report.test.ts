import { headingsOf, partsOf } from "./report";

test("headings, text and sheets that are shown", () => {
  const parts = partsOf("# Sales **of** `2024`\n\nSome *text*.\n\n![By region](sheet:exploration.ByRegion)\n\n### Next & last\n- a\n");
  expect(parts).toEqual([
    { kind: "heading", level: 1, text: "Sales of 2024", id: "part-1" },
    { kind: "text", text: "Some *text*." },
    { kind: "sheet", title: "By region", name: "exploration.ByRegion" },
    { kind: "heading", level: 2, text: "Next & last", id: "part-4" },
    { kind: "text", text: "- a" },
  ]);
  expect(headingsOf(parts).map((h) => h.text)).toEqual(["Sales of 2024", "Next & last"]);
});

test("a reference is known in every piece of text", () => {
  const parts = partsOf("[a][x]\n\n## H\n\n[b][x]\n\n[x]: https://example.org\n");
  const texts = parts.filter((part) => part.kind === "text").map((part) => part.text);
  expect(texts).toHaveLength(2);
  expect(texts.every((text) => text.includes("[x]: https://example.org"))).toBe(true);
});

test("a picture that is no sheet stays text", () => {
  expect(partsOf("![a](https://example.org/a.png)")[0]?.kind).toBe("text");
  expect(partsOf("")).toEqual([]);
});
