"use client";

import type { Dispatch } from "react";
import { Choice } from "@/components/ui/choice";
import type { ChoiceEvent, Choices } from "./choices";
import { DELIMITERS, delimiterWord, ENCODINGS, encodingWord } from "./kind-words";
import { lostSheetsWords, lostWords } from "./lost-words";
import type { SheetReading } from "./queries";

interface SettingsProps {
  sheet: SheetReading;
  choices: Choices;
  choose: Dispatch<ChoiceEvent>;
}

type Option = readonly [string, string];

/** How the file is read: what was found out, and what a person says instead. */
export function ReadingSettings({ sheet, choices, choose }: SettingsProps) {
  const found = sheet.detected;
  const header = choices.sheets.get(sheet.name)?.header_row ?? null;
  return (
    <div className="flex flex-wrap gap-3 *:max-w-60 *:min-w-40 *:flex-1">
      {typeof found["encoding"] === "string" && (
        <Setting
          label="Encoding"
          value={choices.encoding}
          found={encodingWord(found["encoding"])}
          options={ENCODINGS}
          onValue={(value) => choose({ type: "file", key: "encoding", value })}
        />
      )}
      {typeof found["delimiter"] === "string" && (
        <Setting
          label="Delimiter"
          value={choices.delimiter}
          found={delimiterWord(found["delimiter"])}
          options={DELIMITERS}
          onValue={(value) => choose({ type: "file", key: "delimiter", value })}
        />
      )}
      {typeof found["header_row"] === "number" && (
        <Setting
          label="Header row"
          value={header === null ? null : String(header)}
          found={found["header_row"] < 0 ? "None" : `Row ${found["header_row"] + 1}`}
          options={headerOptions(found["top"])}
          onValue={(row) => choose({ type: "header", sheet: sheet.name, row: row === null ? null : Number(row) })}
        />
      )}
      {typeof found["delimiter"] === "string" && (
        <>
          <Setting
            label="Decimal sign"
            value={choices.decimal}
            found={found["decimal"] === "," ? "Comma 1,5" : found["decimal"] === "." ? "Point 1.5" : "No decimals"}
            options={[[".", "Point 1.5"], [",", "Comma 1,5"]]}
            onValue={(value) => choose({ type: "file", key: "decimal", value })}
          />
          <Setting
            label="Dates such as 01/02"
            value={choices.dates}
            found="Only where clear"
            plain
            options={[["day", "Day first"], ["month", "Month first"]]}
            onValue={(value) => choose({ type: "dates", value: value === "day" || value === "month" ? value : null })}
          />
        </>
      )}
    </div>
  );
}

interface SettingProps {
  label: string;
  value: string | null;
  found: string;
  /** Whether it was not found out in this file. */
  plain?: boolean;
  options: readonly Option[];
  onValue: (value: string | null) => void;
}

const FOUND = "found";

function Setting({ label, value, found, plain = false, options, onValue }: SettingProps) {
  const asFound: Option = [FOUND, value === null && !plain ? `${found} · found` : plain ? found : "As found"];
  return (
    <Choice
      label={label}
      value={value ?? FOUND}
      options={[asFound, ...options]}
      onValue={(chosen) => onValue(chosen === FOUND ? null : chosen)}
      className="min-w-0 [&_select]:w-full [&_select]:min-w-0 [&_select]:truncate"
    />
  );
}

function headerOptions(top: unknown): readonly Option[] {
  const rows = Array.isArray(top) ? top.filter((row): row is unknown[] => Array.isArray(row)) : [];
  return [
    ["-1", "None"],
    ...rows.slice(0, 20).map((row, at): Option => [String(at), `Row ${at + 1}: ${wordsOf(row)}`]),
  ];
}

function wordsOf(row: readonly unknown[]): string {
  const words = row.map(String).filter((cell) => cell.trim() !== "").slice(0, 4).join(", ");
  return words === "" ? "empty" : words.length > 40 ? `${words.slice(0, 40)}…` : words;
}

/** What was lost, left out or looked odd, in sentences; none where all is plain. */
export function Findings({ sheet, sheets }: { sheet: SheetReading; sheets: readonly SheetReading[] }) {
  const above = sheet.detected["lines_above_header"];
  const lines = Array.isArray(above) ? above.map(String) : [];
  const kept = sheet.columns.filter((column) => isDoubtful(column)).map((column) => column.name);
  const told = [
    lines.length > 0 && `Left out above the header: ${lines.slice(0, 3).map((l) => `“${short(l)}”`).join(", ")}.`,
    kept.length > 0 && `Kept as text, so that nothing is lost: ${kept.slice(0, 6).join(", ")}${kept.length > 6 ? " …" : ""}.`,
  ].filter((words): words is string => typeof words === "string");
  const others = sheets.filter((other) => other !== sheet);
  const lost = [lostWords(sheet.detected["formulas_without_result"], sheet.exact), lostSheetsWords(others)].filter((words) => words !== null);
  return (
    <>
      {lost.map((words) => (
        <p key={words} className="rounded-lg bg-bad-tint p-3 text-sm">
          {words}
        </p>
      ))}
      {told.length > 0 && <p className="text-sm text-soft">{told.join(" ")}</p>}
    </>
  );
}

/** Whether a column looks like something else than the text it is kept as. */
export function isDoubtful(column: SheetReading["columns"][number]): boolean {
  return column.why.includes("kept as text");
}

function short(line: string): string {
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
