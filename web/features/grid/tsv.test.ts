import { cellText } from "./kinds";
import { tsvOf } from "./tsv";

const copied = (...types: string[]) => types.map((type, at) => ({ type, at }));
const alone = (value: unknown, type = "VARCHAR") => tsvOf([[value]], copied(type));

test("what is copied keeps its cells apart", () => {
  const rows = [["a\tb", null, 'say "x"'], ["two\nlines", 5, ""]];
  expect(tsvOf(rows, copied("VARCHAR", "BIGINT", "VARCHAR"))).toBe('"a\tb"\t\t"say ""x"""\n"two\nlines"\t5\t');
});

test("times are copied as they are shown", () => {
  for (const [value, type] of [["2024-01-01T00:00:00", "TIMESTAMP"], ["2024-01-01T10:30:00.5+00:00", "TIMESTAMP WITH TIME ZONE"]] as const) {
    expect(alone(value, type)).toBe(cellText(value, type));
  }
  expect(alone("2024-01-01T00:00:00", "TIMESTAMP")).toBe("2024-01-01 00:00:00");
  expect(alone("A-T-B")).toBe("A-T-B");
});

test.each(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1", "－x", "\t=1", "\r=1"])("%j runs in no spreadsheet", (text) => {
  expect(alone(text).replace(/^"/, "")).toMatch(/^'/);
});

test("what is a number or cannot run stays as it is", () => {
  expect([alone(-5, "BIGINT"), alone("-1.5", "DECIMAL(9,1)"), alone("-12"), alone("+49 30 1234"), alone("-5%"), alone("a=1")]).toEqual([
    "-5", "-1.5", "-12", "+49 30 1234", "-5%", "a=1",
  ]);
  expect(alone("-01:00:00", "INTERVAL")).toBe("-01:00:00");
});
