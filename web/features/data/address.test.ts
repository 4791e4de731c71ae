import { renamedAddress, sheetAddress } from "./address";

test("the address of a sheet, and of a version of it", () => {
  expect(sheetAddress("p1", "sales.Orders")).toBe("/data?p=p1&s=sales.Orders");
  expect(sheetAddress("p1", "sales.Orders", 2)).toBe("/data?p=p1&s=sales.Orders&n=2");
});

test("the address follows the sheet that is looked at, with its view, and no other", () => {
  expect(renamedAddress("?p=p1&s=Sales.Orders&v=%7B%7D", "sales.Orders", "sales.Bills")).toBe("/data?p=p1&s=sales.Bills&v=%7B%7D");
  expect(renamedAddress("?p=p1&s=sales.Other", "sales.Orders", "sales.Bills")).toBeNull();
  expect(renamedAddress("?p=p1", "sales.Orders", "sales.Bills")).toBeNull();
});
