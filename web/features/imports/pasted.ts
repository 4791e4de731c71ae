const MOST_CELLS = 5_000_000;

/** A table that was copied elsewhere, as a file; null where it is none. */
export function fileOfPaste(html: string, text: string, now: Date): File | null {
  const rows = rowsOfHtml(html) ?? rowsOfText(text);
  if (rows === null) return null;
  const stamp = now.toISOString().slice(0, 16).replace("T", " ").replace(":", ".");
  return new File([csvOf(rows)], `Pasted ${stamp}.csv`, { type: "text/csv", lastModified: now.getTime() });
}

/** The first table of some HTML, each cell as wide and as high as it says. */
export function rowsOfHtml(html: string): string[][] | null {
  if (!/<table[\s>]/i.test(html)) return null;
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return null;
  const rows: string[][] = [];
  [...table.rows].forEach((row, at) => {
    rows[at] ??= [];
    let column = 0;
    for (const cell of row.cells) {
      while (rows[at]?.[column] !== undefined) column++;
      const words = (cell.textContent ?? "").replace(/\s+/g, " ").trim();
      fill(rows, at, column, Math.min(cell.rowSpan, table.rows.length - at), cell.colSpan, words);
      column += cell.colSpan;
    }
  });
  return isTable(rows) ? rows : null;
}

/** Lines whose cells are parted by tabs, or by the same number of commas or semicolons. */
export function rowsOfText(text: string): string[][] | null {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  for (const sign of ["\t", ";", ","]) {
    const rows = lines.map((line) => line.split(sign));
    const even = sign === "\t" || (!text.includes('"') && rows.every((row) => row.length === rows[0]?.length));
    // A sentence with a comma in each of two lines is no table.
    if (isTable(rows) && even && (sign !== "," || lines.length > 2 || (rows[0]?.length ?? 0) > 2)) return rows;
  }
  return null;
}

export function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (value: string): string => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => Array.from(row, (value) => cell(value ?? "")).join(",")).join("\n") + "\n";
}

function isTable(rows: readonly (readonly string[])[]): boolean {
  const width = Math.max(0, ...rows.slice(0, 1000).map((row) => row.length));
  return rows.length > 1 && width > 1 && rows.length * width <= MOST_CELLS;
}

function fill(rows: string[][], at: number, from: number, down: number, across: number, words: string): void {
  for (let row = at; row < at + down; row++) {
    const cells = (rows[row] ??= []);
    for (let column = from; column < from + across; column++) cells[column] = row === at && column === from ? words : "";
  }
}
