const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL)/;

export function isNumberType(type: string | undefined): boolean {
  return type !== undefined && NUMBERS.test(type);
}

const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

/** A cell as it is read: whole, with grouped digits where it is a measure. */
export function shown(value: unknown, type?: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) < 10_000 ? String(value) : small(value);
  if (typeof value === "string") return isNumberType(type) ? value : cut(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return cut(JSON.stringify(value));
}

export function rowsWord(n: number): string {
  return n === 1 ? "1 row" : `${n.toLocaleString("en")} rows`;
}

/** How many of a table's rows are on paper. */
export function printedWord(printed: number, total: number, isNarrowed = false): string {
  const of = isNarrowed ? " that the filter or search leaves" : "";
  if (printed < total) return `The first ${printed.toLocaleString("en")} of ${rowsWord(total)}${of} are printed.`;
  return total === 1 ? `The one row${of} is printed.` : `All ${rowsWord(total)}${of} are printed.`;
}

export function tookWord(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

function small(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toPrecision(4) : GROUPED.format(value);
}

function cut(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
