import { toast } from "sonner";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";
import { isAbort, saying } from "@/lib/problem";
import { nameIn, saveFile } from "@/lib/save-file";
import { bytes } from "@/lib/words";
import type { Source } from "./queries";
import { asked, shownColumns, type Column, type View } from "./view";

export type Format = Schemas["FileFormat"];

export const FORMATS: readonly (readonly [Format, string, string])[] = [
  ["csv", "CSV", "Opens anywhere"],
  ["xlsx", "Excel", "Up to 1,048,575 rows"],
  ["parquet", "Parquet", "Small, keeps types"],
];

const SAID_MS = 200;

/** Saves the rows of a view, with the columns that it shows, as a file of the browser's. */
export async function exportView(source: Source, columns: readonly Column[], view: View, format: Format): Promise<void> {
  const id = `export:${source.name}:${format}`;
  const request = new AbortController();
  const stop = { label: "Cancel", onClick: () => request.abort() };
  const say = (words: string) => toast.loading(words, { id, cancel: stop, duration: Infinity });
  say(`Exporting ${source.name}…`);
  const body: Schemas["ExportBody"] = {
    project_id: source.projectId,
    name_python: source.name,
    version: source.version,
    columns: shownColumns(columns, view).map((column) => column.name),
    ...asked(view),
    format,
  };
  try {
    const answer = await api.raw("post", "/data/export", { body, signal: request.signal });
    const file = await received(answer, (done, all) => say(`Exporting ${source.name}: ${progressWords(done, all)}`));
    const name = nameIn(answer.headers.get("content-disposition")) ?? `${source.name}.${format}`;
    saveFile(file, name);
    toast.success(`${name} is saved, ${bytes(file.size)}.`, { id, cancel: undefined, duration: 4000 });
  } catch (error) {
    if (isAbort(error)) toast("The export was cancelled.", { id, cancel: undefined, duration: 3000 });
    else toast.error(saying(error), { id, cancel: undefined, duration: 12_000 });
  }
}

/** The bytes of an answer, telling now and then how many are here. */
export async function received(answer: Response, onProgress: (done: number, all: number | null) => void): Promise<Blob> {
  const reader = answer.body?.getReader();
  if (reader === undefined) return answer.blob();
  const all = Number(answer.headers.get("content-length")) || null;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let [done, saidAt] = [0, Date.now()];
  for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) {
    parts.push(next.value);
    done += next.value.length;
    if (Date.now() - saidAt < SAID_MS) continue;
    saidAt = Date.now();
    onProgress(done, all);
  }
  return new Blob(parts, { type: answer.headers.get("content-type") ?? "application/octet-stream" });
}

export function progressWords(done: number, all: number | null): string {
  return all === null ? bytes(done) : `${bytes(done)} of ${bytes(all)}`;
}
