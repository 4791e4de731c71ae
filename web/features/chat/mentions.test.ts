import { completed, fitting, mentionAt } from "./mentions";

test.each([
  ["@", 1, { start: 0, query: "" }],
  ["sum of @sal", 11, { start: 7, query: "sal" }],
  ["sum of @sales.Or by region", 16, { start: 7, query: "sales.Or" }],
  ["(@a", 3, { start: 1, query: "a" }],
])("%j at %i names a sheet", (text, caret, mention) => {
  expect(mentionAt(text, caret)).toEqual(mention);
});

test.each([["ada@example", 11], ["@sales.Orders by", 16], ["no", 2], ["@sal", 0]])("%j at %i names none", (text, caret) => {
  expect(mentionAt(text, caret)).toBeNull();
});

test("what begins with it comes first", () => {
  const sheets = ["exploration.SalesByRegion", "sales.Orders", "sources.PresalesCsv", "sources.Other"];
  expect(fitting(sheets, "sal")).toEqual(["sales.Orders", "exploration.SalesByRegion", "sources.PresalesCsv"]);
  expect(fitting(sheets, "", 2)).toHaveLength(2);
});

test("the name stands in place of what was typed, with one space after it", () => {
  const mention = { start: 4, query: "sa" };
  expect(completed("sum @sa", mention, 7, "sales.Orders")).toEqual({ text: "sum @sales.Orders ", caret: 18 });
  expect(completed("sum @sa now", mention, 7, "sales.Orders")).toEqual({ text: "sum @sales.Orders now", caret: 18 });
});
