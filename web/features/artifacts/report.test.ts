import { headingsOf, partsOf } from "./report";

test("headings, text and sheets that are shown", () => {
  const parts = partsOf("# Sales **of** `2024`\n\nSome *text*.\n\n![By region](sheet:exploration.ByRegion)\n\n### Next & last\n- a\n");
  expect(parts).toEqual([
    { kind: "heading", level: 1, text: "Sales of 2024", id: "part-1", marks: [] },
    { kind: "text", text: "Some *text*.", marks: [] },
    { kind: "sheet", title: "By region", name: "exploration.ByRegion" },
    { kind: "heading", level: 2, text: "Next & last", id: "part-4", marks: [] },
    { kind: "text", text: "- a", marks: [] },
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

const NOTED = `# Sales[^src]

Rose[^1], more than[^src] \`[^1]\` before[^lost].

## Detail

| a |
|---|
| x[^1] |

[^1]: By four per cent, [in][x] March.
[^src]: Survey.

    With a second paragraph[^deep].

[^deep]: Nested.

## Notes

[x]: https://example.org
[^unused]: Nobody points here.
`;

test("notes are numbered through as they are marked, wherever they are written", () => {
  const parts = partsOf(NOTED);
  expect(parts.map((part) => ("marks" in part ? part.marks.map(({ number, id }) => [number, id]) : part.kind))).toEqual([
    [[1, "noted-1"]],
    [[2, "noted-2"], [1, null]],
    [],
    [[2, null]],
    [],
    "notes",
  ]);
  expect(headingsOf(parts).map((h) => h.text)).toEqual(["Sales", "Detail", "Notes"]);
  const last = parts.at(-1);
  const notes = last?.kind === "notes" ? last.notes.map(({ text }) => text.split("\n\n[x]:")[0]) : [];
  expect(notes).toEqual([
    "Survey.\n\nWith a second paragraph[^deep]. [↩ back](#noted-1)",
    "By four per cent, [in][x] March. [↩ back](#noted-2)",
    "Nested. [↩ back](#noted-3)",
  ]);
});
