import { firstHere, paperOf } from "./use-paper";
import { PLAIN } from "./view";

const COLUMNS = ["a", "b", "c"].map((name) => ({ name, type: name === "a" ? "BIGINT" : "VARCHAR" }));

test("paper has the columns of the view, in its order", () => {
  const paper = paperOf(COLUMNS, { ...PLAIN, hidden: ["b"], frozen: ["c"], search: "x" }, [[1, "b1", "c1"], [2, "b2", null]], 9);
  expect(paper).toEqual({ headers: ["c", "a"], types: ["VARCHAR", "BIGINT"], data: [["c1", 1], [null, 2]], total: 9, isNarrowed: true });
});

test("of rows that are here, those before the first gap", () => {
  const pages = { row: (n: number) => (n < 3 || n === 4 ? [n] : undefined) };
  expect([firstHere(pages, 9), firstHere(pages, 2)]).toEqual([[[0], [1], [2]], [[0], [1]]]);
});
