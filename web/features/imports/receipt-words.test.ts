import { lostSheetsWords, lostWords } from "./lost-words";
import { progressWords } from "./progress-words";
import { choicesOf, receiptWords } from "./receipt-words";

const RECEIPT = {
  source: "orders.csv",
  source_type: "csv",
  source_sheet: "data",
  encoding: "utf-8-sig",
  delimiter: ";",
  header_row: 2,
  decimal: ",",
  rows: 1200,
  rejects: 0,
  lines_above_header: ["Report"],
  short_rows: { count: 2, lines: [5, 1009] },
  types: [{ name: "zip", type: "VARCHAR", why: "Text." }, "no column"],
  settings: { delimiter: ";", dates: "day", sheets: { data: { header_row: null, types: { zip: "VARCHAR" } } } },
};

test("a receipt in words", () => {
  const { facts, notes, columns } = receiptWords(RECEIPT);
  expect(facts).toEqual([
    ["File", "orders.csv"],
    ["Rows", "1,200 in the file = 1,200 in the sheet + 0 rejected"],
    ["Encoding", "UTF-8"],
    ["Delimiter", "Semicolon ;"],
    ["Header row", "3"],
    ["Decimal sign", "Comma"],
    ["Dates such as 01/02", "Day first, as you said"],
  ]);
  expect(notes).toEqual([
    "Left out above the header: “Report”.",
    "2 rows had fewer cells than there are columns; the others stay empty (line 5, 1,009).",
  ]);
  expect(columns).toEqual([{ name: "zip", type: "VARCHAR", why: "Text." }]);
});

test("formulas that nobody has calculated", () => {
  const lost = { count: 1234, columns: [["total", 1230], ["__proto__", 2]], left_out: ["F"], headers: ["C1"] };
  expect(receiptWords({ formulas_without_result: lost }).notes).toEqual([
    "1,234 cells of the file hold formulas whose result was never stored, and are empty here. " +
      "By column: total (1,230), __proto__ (2). In the header: C1. Left out, as nothing else is there: column F. " +
      "Open the file in Excel or LibreOffice and save it, then bring it again.",
  ]);
  expect(lostWords({ count: 1, columns: [["a", 1]], left_out: [], headers: [] }, false)).toMatch(
    /^At least 1 cell of the file holds a formula whose result was never stored, and is empty here. By column: a \(1\). Open/,
  );
  expect(lostWords(undefined, true)).toBeNull();
  const read = (name: string, width: number, detected = {}) => ({ name, columns: Array<never>(width), detected });
  const sums = read("Sums", 0, { formulas_without_result: lost });
  expect(lostSheetsWords([read("Empty", 0), sums, read("Part", 1, { formulas_without_result: lost })])).toMatch(/^Sums holds nothing but formulas/);
  expect(lostSheetsWords([read("Empty", 0)])).toBeNull();
});

test("an old or odd receipt says what it can", () => {
  expect(receiptWords({}).facts).toEqual([["Rows", "0 in the file = 0 in the sheet + 0 rejected"]]);
  expect(receiptWords({ types: 3, short_rows: "x" })).toMatchObject({ notes: [], columns: [] });
});

test("an import is done again with what it chose", () => {
  expect(choicesOf(RECEIPT, "Orders", "d1")).toMatchObject({
    delimiter: ";",
    encoding: null,
    dates: "day",
    sheets: new Map([["data", { header_row: null, types: new Map([["zip", "VARCHAR"]]) }]]),
    targets: new Map([["data", { taken: true, name: "Orders" }]]),
    only: "data",
    into: { kind: "old", id: "d1" },
  });
});

test("names that every object has are kept, too", () => {
  for (const name of ["constructor", "__proto__"]) {
    const settings = `{"sheets": {"${name}": {"header_row": 1, "types": {"${name}": "DATE"}}}}`;
    const receipt = { source_sheet: name, settings: JSON.parse(settings) as unknown };
    expect(choicesOf(receipt, "Orders", "d1")).toMatchObject({
      sheets: new Map([[name, { header_row: 1, types: new Map([[name, "DATE"]]) }]]),
      targets: new Map([[name, { taken: true, name: "Orders" }]]),
    });
  }
});

test("how far an import is", () => {
  const progress = { stage: "writing", sheet: "B", sheets_done: 1, sheets_total: 2, bytes: 5e6, bytes_total: 1e7, bytes_per_s: 1e6 };
  expect(progressWords({ status: "running", progress })).toEqual({
    title: "Importing B",
    words: "Reads and converts · sheet 2 of 2 · 5.0 MB of 10 MB · 1.0 MB/s · 5 s left",
    done: 1500,
    total: 2000,
  });
  expect(progressWords({ status: "queued", progress: {} }).words).toBe("Waits for its turn");
});
