import { printedWord } from "./cells";

test("it is said how many of how many rows are printed", () => {
  expect(printedWord(1000, 5000)).toBe("The first 1,000 of 5,000 rows are printed.");
  expect(printedWord(312, 312)).toBe("All 312 rows are printed.");
  expect(printedWord(1, 1)).toBe("The one row is printed.");
  expect(printedWord(40, 40, true)).toBe("All 40 rows that the filter or search leaves are printed.");
});
