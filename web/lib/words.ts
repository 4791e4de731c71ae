const UNITS = ["bytes", "KB", "MB", "GB", "TB"] as const;
const plain = new Intl.NumberFormat("en");

/** "12.3 MB", in powers of 1000. */
export function bytes(count: number): string {
  let size = count;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  if (unit === 0) return count === 1 ? "1 byte" : `${count} bytes`;
  return `${size.toFixed(size < 10 ? 1 : 0)} ${UNITS[unit]}`;
}

/** "20 s", "3 min", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 1) return "1 s";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function number(count: number): string {
  return plain.format(count);
}

/** "1 row", "2 rows". */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : more}`;
}

/** A text of at most so many signs: what is too much is left out in the middle. */
export function shortened(text: string, most: number): string {
  const signs = [...text];
  if (signs.length <= most) return text;
  const half = (most - 1) / 2;
  return `${signs.slice(0, Math.ceil(half)).join("")}…${signs.slice(signs.length - Math.floor(half)).join("")}`;
}

/** A file's name without its ending. */
export function stem(name: string): string {
  return name.replace(/(\.(csv|tsv|txt|xlsx?|xlsm|xlsb|ods|parquet|json|jsonl|ndjson))+$/i, "") || name;
}
