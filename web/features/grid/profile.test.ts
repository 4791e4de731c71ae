import { binsOf, factsOf, filtersOfBin, heightsOf, share, valueWords, type Profile } from "./profile";

const PROFILE: Profile = {
  column: "c",
  type: "DOUBLE",
  rows: 5_000_000,
  missing: 12,
  distinct: 1_234_567,
  is_distinct_estimated: true,
  minimum: "-12345678901234567890",
  maximum: 99.5,
  mean: 1234567.891,
  median: 0.123456789,
  quartiles: [1, 2.5],
  top: [],
  bins: [],
};

test("the figures of a column of numbers", () => {
  expect(factsOf(PROFILE, "DOUBLE")).toEqual([
    ["Rows", "5,000,000"],
    ["Missing", "12 (<0.1%)"],
    ["Distinct", "about 1,234,567"],
    ["Minimum", "-12,345,678,901,234,567,890"],
    ["Maximum", "99.5"],
    ["Mean", "1,234,568"],
    ["Median", "0.123457"],
    ["Middle half", "1 to 2.5"],
  ]);
});

test("what does not apply is not said", () => {
  const none = { minimum: null, maximum: null, mean: null, median: null, quartiles: null, missing: 0, is_distinct_estimated: false };
  expect(factsOf({ ...PROFILE, ...none, distinct: 3 }, "VARCHAR").map(([label]) => label)).toEqual(["Rows", "Missing", "Distinct"]);
});

test("times are told without what nobody reads", () => {
  expect(factsOf({ ...PROFILE, median: "2024-05-01T12:00:00.123456" }, "TIMESTAMP")).toContainEqual(["Median", "2024-05-01 12:00:00"]);
  expect(valueWords("2024-05-01T00:00:00", "TIMESTAMP")).toBe("2024-05-01");
  expect([valueWords(null, "VARCHAR"), valueWords("", "VARCHAR"), valueWords(true, "BOOLEAN")]).toEqual(["empty", "“”", "yes"]);
});

test("shares", () => {
  expect([share(0, 10), share(1, 3), share(10, 10), share(9_999_999, 10_000_000), share(0, 0)]).toEqual(["0%", "33.3%", "100%", ">99.9%", "0%"]);
});

test("a bar asks for its rows: those at its end are the next one's, but for the last", () => {
  const bins = [{ from: 0, to: 5, rows: 1000 }, { from: 5, to: 10, rows: 1 }];
  expect(filtersOfBin("c", bins, 0)).toEqual([{ column: "c", op: "gte", value: 0 }, { column: "c", op: "lt", value: 5 }]);
  expect(filtersOfBin("c", bins, 1)).toEqual([{ column: "c", op: "gte", value: 5 }, { column: "c", op: "lte", value: 10 }]);
  expect(filtersOfBin("c", [{ from: 5, to: 5, rows: 1 }], 0)).toEqual([{ column: "c", op: "eq", value: 5 }]);
  expect(heightsOf([...bins, { from: 10, to: 15, rows: 0 }])).toEqual([1, 0.03, 0]);
});

test("bars of times end where the values do, those of numbers at a round place", () => {
  const bins = [{ from: "2024-12-18", to: "2025-01-02", rows: 1 }, { from: "2025-01-02", to: "2025-01-15", rows: 2 }];
  const days = { ...PROFILE, type: "DATE", maximum: "2025-01-04", bins };
  expect(binsOf(days, "DATE").map(({ to }) => to)).toEqual(["2025-01-02", "2025-01-04"]);
  expect(filtersOfBin("d", binsOf({ ...days, maximum: "2025-01-02" }, "DATE"), 1)).toEqual([{ column: "d", op: "eq", value: "2025-01-02" }]);
  expect(binsOf({ ...PROFILE, maximum: 99.5, bins: [{ from: 0, to: 100, rows: 1 }] }, "DOUBLE")[0]?.to).toBe(100);
  expect(binsOf(PROFILE, "DATE")).toEqual([]);
});
