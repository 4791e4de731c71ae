import { bytes, duration, many, shortened, stem } from "./words";

test("sizes in words", () => {
  expect([1, 999, 1000, 8_000_000, 12_345_678, 1e9].map(bytes)).toEqual([
    "1 byte", "999 bytes", "1.0 KB", "8.0 MB", "12 MB", "1.0 GB",
  ]);
});

test("times in words", () => {
  expect([0.2, 20, 200, 7500].map(duration)).toEqual(["1 s", "20 s", "3 min", "2 h 5 min"]);
});

test("one and many", () => {
  expect([many(1, "row"), many(1200, "row")]).toEqual(["1 row", "1,200 rows"]);
});

test("a name without its ending", () => {
  expect(["orders.csv", "a.b.xlsx", ".csv", "plain"].map(stem)).toEqual(["orders", "a.b", ".csv", "plain"]);
});

test("long texts lose their middle", () => {
  expect(shortened("sales.Orders", 12)).toBe("sales.Orders");
  expect(shortened("hostile_name.Orders", 12)).toBe("hostil…rders");
  expect(shortened("🦌".repeat(9), 5)).toBe("🦌🦌…🦌🦌");
});
