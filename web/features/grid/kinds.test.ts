import { cellText, decimalsOf, wholeCell } from "./kinds";

test("the points of a column's numbers stand below each other", () => {
  const cells = [1, 2.5, -10.25, null, "3"];
  const decimals = decimalsOf("DOUBLE", cells);
  expect(decimals).toBe(2);
  expect(cells.map((cell) => cellText(cell, "DOUBLE", decimals))).toEqual(["1.00", "2.50", "-10.25", "", "3.00"]);
  expect(cells.map((cell) => wholeCell(cell, "DOUBLE"))).toEqual(["1", "2.5", "-10.25", "", "3"]);
});

test("no digit is ever left out", () => {
  expect([0.123, 1e21, "12345678901234567890.1"].map((cell) => cellText(cell, "DOUBLE", 2))).toEqual(["0.123", "1e+21", "12345678901234567890.10"]);
});

test("numbers with many decimals, whole ones and texts stay as they are", () => {
  expect([decimalsOf("DOUBLE", [1, 0.33333]), decimalsOf("DOUBLE", [1.5, 1e-7]), decimalsOf("BIGINT", [1, 20]), decimalsOf("VARCHAR", ["1.5"])]).toEqual([0, 0, 0, 0]);
});
