import type { Fields, Step } from "./items";

const DOING: Readonly<Record<string, readonly [doing: string, done: string]>> = {
  run_sql: ["Asking the data", "Asked the data"],
  run_python: ["Running Python", "Ran Python"],
  list_sheets: ["Looking through the sheets", "Looked through the sheets"],
  search_sheets: ["Searching the sheets", "Searched the sheets"],
  describe_sheet: ["Reading a sheet", "Read a sheet"],
  find_values: ["Finding values", "Found values"],
  save_table: ["Keeping a table", "Kept a table"],
  save_chart: ["Drawing a chart", "Drew a chart"],
  save_report: ["Writing a report", "Wrote a report"],
  ask_user: ["Asking you", "Asked you"],
  remember: ["Remembering", "Remembered"],
};

/** What a step does, in words; a tool that is not known here goes by its own name. */
export function stepWords({ tool, result }: Pick<Step, "tool" | "result">): string {
  const known = DOING[tool];
  if (known) return known[result === null ? 0 : 1];
  const name = tool.replaceAll("_", " ").trim();
  return name === "" ? "A step" : name.charAt(0).toUpperCase() + name.slice(1);
}

export interface StepCode {
  readonly text: string;
  readonly language: "sql" | "python" | "json";
}

/** The code that a step runs, or what it was given; null where that is nothing. */
export function stepCode(input: Fields): StepCode | null {
  for (const [field, language] of [["sql", "sql"], ["python", "python"], ["code", "python"]] as const) {
    const text = input[field];
    if (typeof text === "string" && text.trim() !== "") return { text, language };
  }
  return Object.keys(input).length === 0 ? null : { text: JSON.stringify(input, null, 2), language: "json" };
}

/** "12 ms", "3.4 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** "$0.0042", "$1.20", "$0.00". */
export function dollars(usd: number): string {
  if (usd < 0.00005) return "$0.00";
  return `$${usd.toFixed(usd >= 0.1 ? 2 : usd >= 0.001 ? 3 : 4)}`;
}

const AGENTS: Readonly<Record<string, string>> = { quick: "Quick analyst", claude: "Claude", scripted: "Scripted agent" };

export function agentName(agent: string): string {
  return AGENTS[agent] ?? agent;
}

/** A cell as one reads it. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return value.toLocaleString("en", { maximumFractionDigits: 6 });
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
