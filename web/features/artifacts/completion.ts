/** Names that an editor offers: datasets, their sheets, and the columns of these. */
export type Completion = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

interface Table {
  readonly type: string;
  readonly dataset_name_python: string;
  readonly name_python: string;
  readonly columns: readonly { readonly name: string }[];
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function completionOf(sheets: readonly Table[]): Completion {
  const tables = sheets.filter((sheet) => sheet.type === "table");
  const datasets = new Set(tables.map((sheet) => sheet.dataset_name_python));
  const inside = (dataset: string) => tables.filter((sheet) => sheet.dataset_name_python === dataset);
  const columns = (sheet: Table) => [sheet.name_python, sheet.columns.map(({ name }) => quoted(name))] as const;
  return Object.fromEntries([...datasets].map((one) => [one, Object.fromEntries(inside(one).map(columns))]));
}

/** A column as SQL names it. */
export function quoted(name: string): string {
  return PLAIN.test(name) ? name : `"${name.replace(/"/g, '""')}"`;
}
