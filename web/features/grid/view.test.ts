import { asked, decoded, encoded, inOrder, moved, movedTo, narrows, PLAIN, rowsKey, shownColumns, sortedBy, withFilters, withMember, without, withSort, type View } from "./view";

const COLUMNS = ["a", "b", "c", "d"].map((name) => ({ name, type: "VARCHAR" }));
const names = (view: View) => shownColumns(COLUMNS, view).map(({ name }) => name);
const view = (over: Partial<View>): View => ({ ...PLAIN, ...over });

test("a header sorts up, then down, then not at all; with Shift the others stay", () => {
  const up = sortedBy(PLAIN, "a", false);
  const down = sortedBy(up, "a", false);
  expect([up.sort, down.sort, sortedBy(down, "a", false).sort]).toEqual([[{ column: "a", descending: false }], [{ column: "a", descending: true }], []]);
  expect(sortedBy(up, "b", false).sort).toEqual([{ column: "b", descending: false }]);
  const both = sortedBy(up, "b", true);
  expect(sortedBy(both, "a", true).sort).toEqual([{ column: "a", descending: true }, { column: "b", descending: false }]);
  expect(withSort(both, "b", null).sort).toEqual(up.sort);
});

test("frozen columns stand first, hidden ones nowhere", () => {
  expect(names(view({ frozen: ["c"], hidden: ["a"] }))).toEqual(["c", "b", "d"]);
});

test("a column moves by one place among those shown, and hidden ones keep theirs", () => {
  const hidden = view({ hidden: ["b"] });
  const right = moved(COLUMNS, hidden, "a", 1);
  expect(names(right)).toEqual(["c", "a", "d"]);
  expect(inOrder(COLUMNS, right).map(({ name }) => name)).toEqual(["b", "c", "a", "d"]);
  expect(names(moved(COLUMNS, right, "a", -1))).toEqual(["a", "c", "d"]);
});

test("a column moves neither over the edge nor past the frozen ones", () => {
  expect(moved(COLUMNS, PLAIN, "a", -1)).toBe(PLAIN);
  const frozen = view({ frozen: ["a"] });
  expect(moved(COLUMNS, frozen, "b", -1)).toBe(frozen);
});

test("a column lands in a gap; the two at its own sides leave it where it is", () => {
  const landed = (name: string, gap: number, over: Partial<View> = {}) => names(movedTo(COLUMNS, view(over), name, gap)).join("");
  expect([landed("b", 0), landed("b", 3), landed("b", 4), landed("d", 1), landed("a", 9)]).toEqual(["bacd", "acbd", "acdb", "adbc", "bcda"]);
  expect([1, 2].map((gap) => movedTo(COLUMNS, PLAIN, "b", gap))).toEqual([PLAIN, PLAIN]);
  expect(movedTo(COLUMNS, PLAIN, "gone", 0)).toBe(PLAIN);
  expect(landed("a", 2, { hidden: ["b"] })).toBe("cad");
  expect(landed("d", 0, { order: ["c", "d"] })).toBe("dcab");
});

test("a column lands on its own side of the frozen ones", () => {
  const frozen = view({ frozen: ["a", "b"] });
  expect([names(movedTo(COLUMNS, frozen, "a", 4)), names(movedTo(COLUMNS, frozen, "d", 0))]).toEqual([["b", "a", "c", "d"], ["a", "b", "d", "c"]]);
  expect(movedTo(COLUMNS, frozen, "c", 0)).toBe(frozen);
});

test("filters of a column take the place of those it had", () => {
  const one = withFilters(PLAIN, "a", [{ column: "a", op: "eq", value: 1 }]);
  const two = withFilters(one, "b", [{ column: "b", op: "is_null" }]);
  expect(withFilters(two, "a", []).filters).toEqual([{ column: "b", op: "is_null" }]);
  expect(without(two, "b").filters).toEqual(one.filters);
  expect([narrows(two), narrows(PLAIN)]).toEqual([true, false]);
  expect(asked(two).filter[1]).toEqual({ column: "b", op: "is_null", value: null });
});

test("how columns stand asks for no other rows", () => {
  expect(rowsKey(view({ hidden: ["a"], frozen: ["b"] }))).toBe(rowsKey(PLAIN));
  expect(withMember(withMember([], "a", true), "a", false)).toEqual([]);
});

test("a view goes into an address and comes back; nonsense is left out", () => {
  const full = view({ sort: [{ column: "a", descending: true }], filters: [{ column: "b", op: "in", value: ["x", null] }], search: "q", hidden: ["c"], order: ["d"] });
  expect(decoded(encoded(full) ?? null)).toEqual(full);
  expect(encoded(PLAIN)).toBeUndefined();
  expect(decoded('{"sort":[{"column":1}],"filters":[{"column":"a","op":"drop"}],"search":5}')).toEqual(PLAIN);
  expect(decoded("{")).toEqual(PLAIN);
});
