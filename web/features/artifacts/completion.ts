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
  const offered: Record<string, Record<string, readonly string[]>> = {};
  for (const sheet of sheets) {
    if (sheet.type !== "table") continue;
    const dataset = (offered[sheet.dataset_name_python] ??= {});
    dataset[sheet.name_python] = sheet.columns.map(({ name }) => quoted(name));
  }
  return offered;
}

/** A column as SQL names it. */
export function quoted(name: string): string {
  return PLAIN.test(name) ? name : `"${name.replace(/"/g, '""')}"`;
}
