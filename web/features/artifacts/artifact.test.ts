import { artifactOf } from "./artifact";
import { firstLines } from "./artifact-card";

test("a piece's metadata is read", () => {
  const artifact = artifactOf({
    type: "table",
    title: "By region",
    sheet: "exploration.ByRegion",
    datasheet_id: "1",
    table: { headers: ["r"], types: ["VARCHAR"], data: [["N"]], total: 9 },
    provenance: {
      language: "sql", code: "select 1", engine: "duckdb", agent: "quick", duration_ms: 3, chat_id: null,
      reads: [{ sheet: "s.O", sheet_id: "2", version: 4, content_hash: "ab" }],
    },
  });
  expect(artifact?.table?.total).toBe(9);
  expect(artifact?.provenance?.reads).toEqual([{ sheet: "s.O", sheetId: "2", version: 4, contentHash: "ab" }]);
});

test("one that was not kept has no sheet", () => {
  const artifact = artifactOf({ type: "chart", title: "T", sheet: null, chart: {}, provenance: { kind: "sql", code: "x" } });
  expect([artifact?.sheetId, artifact?.provenance?.language]).toEqual([null, "sql"]);
});

test("what is no artifact is none", () => {
  expect(artifactOf({ type: "video" })).toBeNull();
  expect(artifactOf(undefined)).toBeNull();
});

test("a report's first lines come without mark-up", () => {
  expect(firstLines("# T\n\n## Found\n- **a** `b`\n![c](sheet:x.Y)\nmore", "T")).toBe("Found\na b\nmore");
});
