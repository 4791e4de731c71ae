import { clashes, isTaken, loadOf, nextChoices, NOTHING_CHOSEN, targetName, usualInto } from "./choices";
import type { Dataset, Sheet, SheetReading } from "./queries";
import type { Source } from "./upload-state";

const source = { id: "s1", name: "orders.csv" } as Source;
const reading = (name: string): SheetReading => ({
  name,
  columns: [{ name: "a", type: "BIGINT", why: "" }],
  data: [],
  detected: {},
  rows: 0,
  exact: true,
});
const ODD = ["constructor", "toString", "valueOf", "hasOwnProperty", "__proto__"];
const datasets = [{ id: "d1", name: "Sources" }, { id: "d2", name: "orders" }] as Dataset[];

test("what is not chosen is left to be found out", () => {
  expect(loadOf(NOTHING_CHOSEN)).toMatchObject({ delimiter: null, encoding: null, dates: null, sheets: {} });
});

test("a type is chosen and taken back", () => {
  const chosen = nextChoices(NOTHING_CHOSEN, { type: "type", sheet: "data", column: "zip", value: "VARCHAR" });
  expect(loadOf(chosen).sheets).toEqual({ data: { header_row: null, types: { zip: "VARCHAR" } } });
  const back = nextChoices(chosen, { type: "type", sheet: "data", column: "zip", value: null });
  expect(loadOf(back).sheets).toEqual({ data: { header_row: null, types: {} } });
});

test("other columns void what was chosen for the old ones", () => {
  const chosen = nextChoices(NOTHING_CHOSEN, { type: "type", sheet: "data", column: "zip", value: "VARCHAR" });
  expect(nextChoices(chosen, { type: "file", key: "delimiter", value: ";" }).sheets.size).toBe(0);
  expect(nextChoices(chosen, { type: "file", key: "decimal", value: "," }).sheets).toEqual(chosen.sheets);
  const header = nextChoices(chosen, { type: "header", sheet: "data", row: 2 });
  expect(header.sheets.get("data")).toEqual({ header_row: 2, types: new Map() });
});

test("a sheet alone is called after its file, several keep their names", () => {
  expect(targetName(NOTHING_CHOSEN, source, [reading("data")], "data")).toBe("orders");
  expect(targetName(NOTHING_CHOSEN, source, [reading("A"), reading("B")], "B")).toBe("B");
  const named = nextChoices(NOTHING_CHOSEN, { type: "name", sheet: "B", name: "Mine" });
  expect(targetName(named, source, [reading("A"), reading("B")], "B")).toBe("Mine");
});

test("where it goes unless somebody says otherwise", () => {
  expect(usualInto(source, [reading("data")], datasets)).toEqual({ kind: "old", id: "d1" });
  expect(usualInto(source, [reading("A"), reading("B")], datasets)).toEqual({ kind: "old", id: "d2" });
  expect(usualInto(source, [reading("A"), reading("B")], [])).toEqual({ kind: "new", name: "orders" });
});

test("names that every object has are names as any other", () => {
  for (const name of ODD) {
    expect(isTaken(NOTHING_CHOSEN, name)).toBe(true);
    expect(targetName(NOTHING_CHOSEN, source, [reading("A"), reading(name)], name)).toBe(name);
    const typed = nextChoices(NOTHING_CHOSEN, { type: "type", sheet: name, column: name, value: "VARCHAR" });
    const body = JSON.parse(JSON.stringify(loadOf(typed))) as ReturnType<typeof loadOf>;
    expect(Object.entries(body.sheets ?? {})).toEqual([[name, { header_row: null, types: Object.fromEntries([[name, "VARCHAR"]]) }]]);
    const left = nextChoices(typed, { type: "taken", sheet: name, taken: false });
    expect([isTaken(left, name), isTaken(left, "A")]).toEqual([false, true]);
    const back = nextChoices(typed, { type: "type", sheet: name, column: name, value: null });
    expect(back.sheets.get(name)?.types.size).toBe(0);
  }
});

test("only the sheet that is imported again is taken", () => {
  const again = { ...NOTHING_CHOSEN, only: "A" };
  expect([isTaken(again, "A"), isTaken(again, "B")]).toEqual([true, false]);
  const more = nextChoices(again, { type: "taken", sheet: "B", taken: true });
  expect([isTaken(more, "A"), isTaken(more, "B")]).toEqual([true, true]);
});

test("what stands in the way", () => {
  const there = [
    { dataset_id: "d1", name: "Orders", source_id: "s1", version: 2 },
    { dataset_id: "d1", name: "People", source_id: "s2", version: 1 },
  ] as Sheet[];
  const into = { kind: "old", id: "d1" } as const;
  const found = (name: string, other = "x") =>
    clashes(new Map([["A", name], ["B", other]]), into, there, "s1").get("A");
  expect(found("orders")).toEqual({ bad: false, words: "Makes version 3 of Orders." });
  expect(found("People")).toMatchObject({ bad: true, versionable: true });
  const versions = clashes(new Map([["A", "People"]]), into, there, "s1", true);
  expect(versions.get("A")).toEqual({ bad: false, words: "Makes version 2 of People." });
  expect(found("x", "X")?.words).toBe("Two sheets have this name.");
  expect(found(" ")?.words).toBe("Give it a name.");
  expect(found("New")).toBeUndefined();
});
