import { dollars, duration, stepCode, stepWords } from "./steps";

test("a step in words", () => {
  const result = { ok: true, text: "", ms: 1, table: null };
  expect(stepWords({ tool: "run_sql", result: null })).toBe("Asking the data");
  expect(stepWords({ tool: "run_sql", result })).toBe("Asked the data");
  expect(stepWords({ tool: "read_a_page", result })).toBe("Read a page");
  expect(stepWords({ tool: "", result })).toBe("A step");
});

test("the code of a step", () => {
  expect(stepCode({ sql: "select 1", limit: 5 })).toEqual({ text: "select 1", language: "sql" });
  expect(stepCode({ sheet: "a.B" })?.language).toBe("json");
  expect(stepCode({})).toBeNull();
});

test("times and money", () => {
  expect([4, 3449, 125_000].map(duration)).toEqual(["4 ms", "3.4 s", "2 min 5 s"]);
  expect([1.2, 0.0421, 0.00042, 0, 0.00001].map(dollars)).toEqual(["$1.20", "$0.042", "$0.0004", "$0.00", "$0.00"]);
});
