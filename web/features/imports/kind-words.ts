/** The types that a person may choose for a column, by the engine's name. */
export const TYPES = [
  ["VARCHAR", "Text"],
  ["BIGINT", "Whole number"],
  ["DOUBLE", "Number"],
  ["DECIMAL(18,2)", "Exact decimal"],
  ["BOOLEAN", "True or false"],
  ["DATE", "Date"],
  ["TIMESTAMP", "Date and time"],
  ["TIME", "Time of day"],
] as const;

/** A type of the engine in a word or two. */
export function typeWord(type: string): string {
  const known = TYPES.find(([name]) => name === type);
  if (known) return known[1];
  if (type.startsWith("DECIMAL")) return `Exact decimal (${type.slice(8, -1)})`;
  if (type === "TIMESTAMP WITH TIME ZONE") return "Date and time, with zone";
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return "Whole number";
  if (type === "FLOAT") return "Number";
  if (type.endsWith("]")) return "List";
  if (type.startsWith("STRUCT") || type.startsWith("MAP")) return "Structure";
  return type.toLowerCase();
}

/** Whether its values stand at the right, as numbers do. */
export function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type);
}

export const DELIMITERS = [
  [",", "Comma ,"],
  [";", "Semicolon ;"],
  ["\t", "Tab"],
  ["|", "Bar |"],
  ["^", "Caret ^"],
  ["~", "Tilde ~"],
  [":", "Colon :"],
  [" ", "Space"],
] as const;

export function delimiterWord(sign: string): string {
  const known = DELIMITERS.find(([one]) => one === sign);
  if (known) return known[1];
  return /[\u0000-\u001f]/.test(sign) ? "None: one column" : sign;
}

export const ENCODINGS = [
  ["utf-8", "UTF-8"],
  ["cp1252", "Western (Windows-1252)"],
  ["latin-1", "Western (Latin-1)"],
  ["cp1250", "Central European (Windows-1250)"],
  ["cp1251", "Cyrillic (Windows-1251)"],
  ["koi8_r", "Cyrillic (KOI8-R)"],
  ["cp1253", "Greek (Windows-1253)"],
  ["cp1254", "Turkish (Windows-1254)"],
  ["cp1255", "Hebrew (Windows-1255)"],
  ["cp1256", "Arabic (Windows-1256)"],
  ["shift_jis", "Japanese (Shift JIS)"],
  ["euc_jp", "Japanese (EUC)"],
  ["gb18030", "Chinese (GB18030)"],
  ["big5", "Chinese (Big5)"],
  ["euc_kr", "Korean (EUC)"],
  ["utf-16", "UTF-16"],
  ["utf-32", "UTF-32"],
] as const;

/** What the server calls some of them. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([["utf-8-sig", "utf-8"], ["iso8859-1", "latin-1"], ["koi8-r", "koi8_r"]]);

export function encodingWord(name: string): string {
  const plain = OTHERWISE.get(name) ?? name;
  return ENCODINGS.find(([one]) => one === plain)?.[1] ?? name.toUpperCase();
}
