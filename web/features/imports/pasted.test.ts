import { csvOf, fileOfPaste, rowsOfHtml, rowsOfText } from "./pasted";

test("a table of a web page, its wide cells filled up", () => {
  const html = "<p>x</p><table><tr><th colspan=2>Year</th><th>n</th></tr><tr><td>a b</td><td></td><td>1</td></tr></table>";
  expect(rowsOfHtml(html)).toEqual([["Year", "", "n"], ["a b", "", "1"]]);
});

test("a high cell keeps the ones below in their columns", () => {
  const html = "<table><tr><td rowspan=2>North</td><td>1</td></tr><tr><td>2</td></tr></table>";
  expect(rowsOfHtml(html)).toEqual([["North", "1"], ["", "2"]]);
});

test("cells of a spreadsheet are parted by tabs", () => {
  expect(rowsOfText("a\tb\r\n1\t2\r\n")).toEqual([["a", "b"], ["1", "2"]]);
});

test("commas part cells where every line has as many", () => {
  expect(rowsOfText("a,b\n1,2\n3,4")).toHaveLength(3);
  expect(rowsOfText("Dear Ada, hello,\nsee you")).toBeNull();
  expect(rowsOfText("one line")).toBeNull();
});

test("a cell with commas and quotes is quoted", () => {
  expect(csvOf([['a,b', 'say "hi"']])).toBe('"a,b","say ""hi"""\n');
});

test("a paste becomes a file with its time in the name", () => {
  const file = fileOfPaste("", "a\tb\n1\t2", new Date("2026-03-01T10:05:00Z"));
  expect(file?.name).toBe("Pasted 2026-03-01 10.05.csv");
  expect(fileOfPaste("", "hello", new Date())).toBeNull();
});
