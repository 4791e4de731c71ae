import { layoutOf, widthWithin } from "./layout";
import { afterKey, AT_START, boxOf, sizeOf, type Selection } from "./selection";
import { sumsOf } from "./sums";
import { PLAIN } from "./view";

const EXTENT = { rows: 1000, columns: 5, page: 20 };
const at = (row: number, column: number): Selection => ({ anchor: { row, column }, head: { row, column } });
const press = (from: Selection, key: string, shift = false, mod = false) => afterKey(from, { key, shift, mod }, EXTENT);

test.each([
  ["ArrowDown", false, { row: 11, column: 2 }],
  ["ArrowDown", true, { row: 999, column: 2 }],
  ["ArrowUp", true, { row: 0, column: 2 }],
  ["ArrowLeft", true, { row: 10, column: 0 }],
  ["ArrowRight", true, { row: 10, column: 4 }],
  ["Home", false, { row: 10, column: 0 }],
  ["Home", true, { row: 0, column: 0 }],
  ["End", false, { row: 10, column: 4 }],
  ["End", true, { row: 999, column: 4 }],
  ["PageDown", false, { row: 30, column: 2 }],
  ["PageUp", false, { row: 0, column: 2 }],
])("%s (with Ctrl: %s) leads to %o", (key, mod, head) => {
  expect(press(at(10, 2), key, false, mod)).toEqual({ anchor: head, head });
});

test("Shift extends from where it began, and not into the header", () => {
  expect(press(at(1, 2), "ArrowUp", true, true)).toEqual({ anchor: { row: 1, column: 2 }, head: { row: 0, column: 2 } });
  const extended = press(at(0, 2), "ArrowUp", true);
  expect(extended && boxOf(extended)).toEqual({ top: 0, bottom: 0, left: 2, right: 2 });
});

test("above the first row stands the header, and nothing beyond it", () => {
  const header = press(AT_START, "ArrowUp");
  expect(header?.head).toEqual({ row: -1, column: 0 });
  expect(header && sizeOf(header)).toBe(0);
  expect(header && press(header, "ArrowUp")?.head).toEqual({ row: -1, column: 0 });
});

test("all, a whole column, a whole row", () => {
  expect(press(at(3, 1), "a", false, true)).toEqual({ anchor: { row: 0, column: 0 }, head: { row: 999, column: 4 } });
  expect(press(at(3, 1), " ", false, true)).toEqual({ anchor: { row: 0, column: 1 }, head: { row: 999, column: 1 } });
  expect(press(at(3, 1), " ", true)).toEqual({ anchor: { row: 3, column: 0 }, head: { row: 3, column: 4 } });
  expect(press(at(3, 1), "x")).toBeNull();
});

const COLUMNS = [{ name: "n", type: "BIGINT" }, { name: "t", type: "VARCHAR" }, { name: "d", type: "DECIMAL(9,2)" }];
const ROWS = [[1, "a", "2.50"], [null, "b", "1.50"], [3, "c", null]];
const LAYOUT = layoutOf(COLUMNS, PLAIN, new Map(), 3);

test("numbers that are selected are added up, whatever else is selected", () => {
  const all = { anchor: { row: 0, column: 0 }, head: { row: 2, column: 2 } };
  expect(sumsOf(all, LAYOUT, (n) => ROWS[n])).toEqual({ count: 4, sum: 8, mean: 2 });
  expect(sumsOf(at(0, 0), LAYOUT, (n) => ROWS[n])).toBeNull();
  expect(sumsOf(all, LAYOUT, (n) => (n === 2 ? undefined : ROWS[n]))).toBeNull();
});

test("a column is sized within bounds", () => {
  expect([widthWithin(-5), widthWithin(99.6), widthWithin(9999)]).toEqual([56, 100, 1200]);
});
