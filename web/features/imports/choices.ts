import type { Schemas } from "@/lib/api-types";
import type { Dataset, Sheet, SheetReading } from "./queries";
import type { Source } from "./upload-state";
import { stem } from "@/lib/words";

export type LoadSettings = Schemas["LoadBody"];

/** What a person has chosen for an import, by names that a file may choose freely; what is not chosen is found out. */
export interface Choices {
  readonly delimiter: string | null;
  readonly encoding: string | null;
  readonly decimal: string | null;
  readonly dates: "day" | "month" | null;
  readonly sheets: ReadonlyMap<string, SheetChoices>;
  /** By sheet of the file; one that is not there is imported under the name that suits it. */
  readonly targets: ReadonlyMap<string, Target>;
  /** Where only one sheet of the file is meant, the others are not taken unless they are chosen. */
  readonly only: string | null;
  readonly into: Into | null;
  /** Whether sheets that other files made may get a new version. */
  readonly newVersions: boolean;
}

export interface SheetChoices {
  readonly header_row: number | null;
  readonly types: ReadonlyMap<string, string>;
}

interface Target {
  readonly taken: boolean;
  readonly name: string | null;
}

export type Into = { readonly kind: "new"; readonly name: string } | { readonly kind: "old"; readonly id: string };

export type ChoiceEvent =
  | { readonly type: "file"; readonly key: "delimiter" | "encoding" | "decimal"; readonly value: string | null }
  | { readonly type: "dates"; readonly value: "day" | "month" | null }
  | { readonly type: "header"; readonly sheet: string; readonly row: number | null }
  | { readonly type: "type"; readonly sheet: string; readonly column: string; readonly value: string | null }
  | { readonly type: "taken"; readonly sheet: string; readonly taken: boolean }
  | { readonly type: "name"; readonly sheet: string; readonly name: string }
  | { readonly type: "into"; readonly into: Into }
  | { readonly type: "new-versions"; readonly on: boolean };

export const NOTHING_CHOSEN: Choices = {
  delimiter: null,
  encoding: null,
  decimal: null,
  dates: null,
  sheets: new Map(),
  targets: new Map(),
  only: null,
  into: null,
  newVersions: false,
};

export function nextChoices(choices: Choices, event: ChoiceEvent): Choices {
  switch (event.type) {
    case "file":
      // Another delimiter or encoding makes other columns: what was chosen for the old ones is void.
      return event.key === "decimal"
        ? { ...choices, decimal: event.value }
        : { ...choices, [event.key]: event.value, sheets: new Map() };
    case "dates":
      return { ...choices, dates: event.value };
    case "header":
      return withSheet(choices, event.sheet, { header_row: event.row, types: new Map() });
    case "type":
      return withType(choices, event.sheet, event.column, event.value);
    case "taken":
      return withTarget(choices, event.sheet, { taken: event.taken });
    case "name":
      return withTarget(choices, event.sheet, { name: event.name });
    case "into":
      return { ...choices, into: event.into };
    case "new-versions":
      return { ...choices, newVersions: event.on };
  }
}

function withType(choices: Choices, sheet: string, column: string, value: string | null): Choices {
  const own = choices.sheets.get(sheet) ?? { header_row: null, types: new Map<string, string>() };
  const types = new Map(own.types);
  if (value === null) types.delete(column);
  else types.set(column, value);
  return withSheet(choices, sheet, { ...own, types });
}

function withSheet(choices: Choices, sheet: string, own: SheetChoices): Choices {
  return { ...choices, sheets: new Map(choices.sheets).set(sheet, own) };
}

function withTarget(choices: Choices, sheet: string, change: Partial<Target>): Choices {
  const own = choices.targets.get(sheet) ?? { taken: isTaken(choices, sheet), name: null };
  return { ...choices, targets: new Map(choices.targets).set(sheet, { ...own, ...change }) };
}

/** What of the choices says how the file is read. */
export function loadOf({ delimiter, encoding, decimal, dates, sheets }: Choices): LoadSettings {
  const own = [...sheets].map(([name, s]) => [name, { header_row: s.header_row, types: Object.fromEntries(s.types) }] as const);
  return { delimiter, encoding, decimal, dates, header_row: null, types: {}, sheets: Object.fromEntries(own) };
}

/** Sheets that hold anything; of an empty one there is nothing to import. */
export function fullSheets(sheets: readonly SheetReading[]): readonly SheetReading[] {
  return sheets.filter((sheet) => sheet.columns.length > 0);
}

export function isTaken(choices: Choices, sheet: string): boolean {
  return choices.targets.get(sheet)?.taken ?? (choices.only === null || choices.only === sheet);
}

/** The name that a sheet gets: the chosen one, its own, or the file's where it is alone. */
export function targetName(choices: Choices, source: Source, sheets: readonly SheetReading[], sheet: string): string {
  const chosen = choices.targets.get(sheet)?.name;
  if (chosen !== undefined && chosen !== null) return chosen;
  return sheets.length === 1 ? stem(source.name) : sheet;
}

/** Where it goes unless somebody says otherwise: a workbook into a dataset of its own, a file to the others. */
export function usualInto(source: Source, sheets: readonly SheetReading[], datasets: readonly Dataset[]): Into {
  const usual = datasets.find((d) => d.name === "Sources") ?? datasets[0];
  const several = fullSheets(sheets).length > 1;
  const own = several ? datasets.find((d) => d.name === stem(source.name)) : usual;
  return own ? { kind: "old", id: own.id } : { kind: "new", name: stem(source.name) };
}

/** What a name meets; `versionable` where a new version would be a way on. */
export interface Clash {
  readonly bad: boolean;
  readonly words: string;
  readonly versionable?: boolean;
}

/** What stands in the way of an import, by sheet of the file, in words. */
export function clashes(
  targets: ReadonlyMap<string, string>,
  into: Into,
  sheets: readonly Sheet[],
  sourceId: string,
  newVersions = false,
): ReadonlyMap<string, Clash> {
  const found = new Map<string, Clash>();
  const names = [...targets.values()].map((name) => name.trim().toLowerCase());
  for (const [sheet, name] of targets) {
    const low = name.trim().toLowerCase();
    const there = into.kind === "old" && sheets.find((s) => s.dataset_id === into.id && s.name.toLowerCase() === low);
    if (low === "") found.set(sheet, { bad: true, words: "Give it a name." });
    else if (names.filter((n) => n === low).length > 1) found.set(sheet, { bad: true, words: "Two sheets have this name." });
    else if (there && (newVersions || there.source_id === sourceId)) {
      found.set(sheet, { bad: false, words: `Makes version ${there.version + 1} of ${there.name}.` });
    } else if (there) {
      found.set(sheet, { bad: true, words: "A sheet of this name is there, from elsewhere. Take another name.", versionable: true });
    }
  }
  return found;
}

/** The name, or where it is taken the name with the first number that is free. */
export function freeName(name: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((one) => one.toLowerCase()));
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name} ${number}`;
    if (!lower.has(tried.toLowerCase())) return tried;
  }
}
