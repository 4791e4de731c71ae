import { nameIn } from "./save-file";

test.each([
  ['attachment; filename="Orders.csv"', "Orders.csv"],
  [`attachment; filename="Auftrage.csv"; filename*=UTF-8''Auftr%C3%A4ge.csv`, "Aufträge.csv"],
  ["attachment; filename*=utf-8''100%.csv", "100%.csv"],
  ["attachment", null],
  [null, null],
])("the name of a file in %s", (disposition, name) => {
  expect(nameIn(disposition)).toBe(name);
});
