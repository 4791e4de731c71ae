import { blankForm, chosenValues, conditionWords, filtersOf, formOf, toggled } from "./conditions";
import type { Filter } from "./view";

const form = (type: string, over: Partial<ReturnType<typeof blankForm>>) => ({ ...blankForm(type), ...over });

test.each<[string, Parameters<typeof form>[1], readonly Filter[]]>([
  ["VARCHAR", { from: " north " }, [{ column: "c", op: "contains", value: " north " }]],
  ["VARCHAR", { choice: "in", values: ["a", null] }, [{ column: "c", op: "in", value: ["a", null] }]],
  ["BIGINT", { from: "5", to: " 10 " }, [{ column: "c", op: "gte", value: "5" }, { column: "c", op: "lte", value: "10" }]],
  ["DOUBLE", { to: "1e3" }, [{ column: "c", op: "lte", value: "1e3" }]],
  ["DATE", { choice: "eq", from: "2024-02-29" }, [{ column: "c", op: "eq", value: "2024-02-29" }]],
  ["TIMESTAMP", { choice: "eq", from: "2024-02-29" }, [{ column: "c", op: "gte", value: "2024-02-29" }, { column: "c", op: "lt", value: "2024-03-01" }]],
  ["TIMESTAMP", { from: "2024-01-01", to: "2024-12-31" }, [{ column: "c", op: "gte", value: "2024-01-01" }, { column: "c", op: "lt", value: "2025-01-01" }]],
  ["BOOLEAN", { from: "false" }, [{ column: "c", op: "eq", value: false }]],
  ["INTEGER[]", { choice: "is_null" }, [{ column: "c", op: "is_null" }]],
])("a form of a %s column and its filters lead to each other", (type, over, filters) => {
  const filled = form(type, over);
  expect(filtersOf("c", type, filled)).toEqual(filters);
  expect(filtersOf("c", type, formOf(type, filters))).toEqual(filters);
});

test.each([
  ["VARCHAR", {}, "Give a value."],
  ["BIGINT", {}, "Give at least one end."],
  ["BIGINT", { from: "1,000" }, "“1,000” is not a number; write it as 1234.5."],
  ["BIGINT", { choice: "in" as const, values: ["1", "x"] }, "“x” is not a number; write it as 1234.5."],
  ["DECIMAL(9,2)", { from: "10", to: "9" }, "The first is after the second."],
  ["DATE", { choice: "lt" as const, from: "2024-13-01" }, "“2024-13-01” is not a date."],
])("a form of a %s column says what is wrong with %o", (type, over, problem) => {
  expect(filtersOf("c", type, form(type, over))).toBe(problem);
});

test("filters that the form can't say leave it blank", () => {
  const finer: readonly Filter[] = [{ column: "c", op: "gte", value: "2024-01-01T10:00:00" }, { column: "c", op: "lt", value: "2024-01-01T11:00:00" }];
  expect(formOf("TIMESTAMP", finer)).toEqual(blankForm("TIMESTAMP"));
  expect(conditionWords("TIMESTAMP", finer)).toBe("from 2024-01-01 10:00:00 to below 2024-01-01 11:00:00");
});

test.each<[string, readonly Filter[], string]>([
  ["VARCHAR", [{ column: "c", op: "contains", value: "x" }], "contains “x”"],
  ["VARCHAR", [{ column: "c", op: "in", value: ["a", null, "b", "d"] }], "is “a”, empty, “b” or 1 more"],
  ["BIGINT", [{ column: "c", op: "gte", value: 5 }, { column: "c", op: "lte", value: 10 }], "from 5 to 10"],
  ["BIGINT", [{ column: "c", op: "gt", value: 5 }], "> 5"],
  ["DATE", [{ column: "c", op: "lt", value: "2024-01-01" }], "before 2024-01-01"],
  ["TIMESTAMP", [{ column: "c", op: "gte", value: "2024-01-01" }, { column: "c", op: "lt", value: "2024-01-02" }], "on 2024-01-01"],
  ["BOOLEAN", [{ column: "c", op: "eq", value: true }], "is yes"],
  ["VARCHAR", [{ column: "c", op: "not_null" }], "is not empty"],
])("filters of a %s column in words: %o", (type, filters, words) => {
  expect(conditionWords(type, filters)).toBe(words);
});

test("values are taken in and out one by one", () => {
  const one = toggled("c", [], "a");
  expect(one).toEqual([{ column: "c", op: "eq", value: "a" }]);
  const two = toggled("c", one, null);
  expect(two).toEqual([{ column: "c", op: "in", value: ["a", null] }]);
  expect(chosenValues(two)).toEqual(["a", null]);
  expect(toggled("c", two, "a")).toEqual([{ column: "c", op: "is_null" }]);
  expect(toggled("c", one, "a")).toEqual([]);
  expect(toggled("c", [{ column: "c", op: "contains", value: "x" }], "a")).toEqual(one);
});
