import type { Sheet } from "@/features/sheets";
import { because, nodesOf, renewable } from "./graph";
import { apart, layersOf, layoutOf, SIZE } from "./layout";

function sheet(id: string, version = 1, reads: Record<string, number> = {}, language = "sql"): Sheet {
  const made = Object.entries(reads).map(([from, read]) => ({ sheet: `d.${from}`, sheet_id: from, version: read }));
  const metadata = made.length > 0 ? { provenance: { language, code: "select 1", agent: "quick", reads: made } } : {};
  return { id, address: `d.${id}`, name: id, version, metadata, type: "table" } as unknown as Sheet;
}

const names = (nodes: readonly { sheet: Sheet }[]) => nodes.map((node) => node.sheet.id);

test("sources come before what hangs on them, however they are listed", () => {
  const nodes = nodesOf([sheet("c", 1, { b: 1 }), sheet("b", 1, { a: 1 }), sheet("a")]);
  expect(names(nodes)).toEqual(["a", "b", "c"]);
  expect(layersOf(nodes).map(names)).toEqual([["a"], ["b"], ["c"]]);
});

test("a sheet is stale where a source moved on, is gone, or is stale itself", () => {
  const nodes = nodesOf([
    sheet("a", 3),
    sheet("b", 1, { a: 2 }),
    sheet("c", 1, { b: 1 }),
    sheet("d", 1, { x: 1 }),
    sheet("e", 1, { a: 3 }),
  ]);
  const reasons = Object.fromEntries(nodes.map((node) => [node.sheet.id, node.stale.map(because)]));
  expect(reasons["b"]).toEqual(["d.a is at version 3; version 2 was read."]);
  expect(reasons["c"]).toEqual(["d.b, which it was made from, is not up to date."]);
  expect(reasons["d"]).toEqual(["d.x was deleted."]);
  expect(reasons["e"]).toEqual([]);
  expect(names(renewable(nodes))).toEqual(["b", "c"]);
});

test("a report can't be made anew by itself", () => {
  expect(renewable(nodesOf([sheet("a", 2), sheet("r", 1, { a: 1 }, "markdown")]))).toEqual([]);
});

test("a sheet that read itself, and two that read each other", () => {
  expect(nodesOf([sheet("a", 2, { a: 1 })])[0]?.reads).toEqual([]);
  expect(layoutOf(nodesOf([sheet("a", 1, { b: 1 }), sheet("b", 1, { a: 1 })])).placed).toHaveLength(2);
});

test("columns stand apart, and edges run from side to side", () => {
  const { placed, edges, width, height } = layoutOf(nodesOf([sheet("a"), sheet("b"), sheet("c", 1, { a: 1, b: 1 })]));
  expect(placed.map(({ node, x, y }) => [node.sheet.id, x, y])).toEqual([
    ["a", 0, 0],
    ["b", 0, 80],
    ["c", 320, 40],
  ]);
  expect(edges).toHaveLength(2);
  expect([width, height]).toEqual([2 * SIZE.width + SIZE.across, 2 * SIZE.height + SIZE.down]);
});

test("what hangs on nothing that is here, and nothing on it, stands alone", () => {
  const { tied, lone } = apart(nodesOf([sheet("a"), sheet("b", 1, { a: 1 }), sheet("c"), sheet("d", 1, { gone: 1 })]));
  expect(names(tied)).toEqual(["a", "b"]);
  expect(names(lone)).toEqual(["c", "d"]);
});

test("nothing at all", () => {
  expect(layoutOf([])).toEqual({ placed: [], edges: [], width: 0, height: 0 });
});
