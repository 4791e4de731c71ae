"use client";

import { create } from "zustand";
import {
  cancelUpload, freeName, fullSheets, hasEnded, NOTHING_CHOSEN, sheetsOf, targetName, uploadAside, usualInto, type Source,
} from "@/features/imports";
import { saying } from "@/lib/problem";
import { addToDraft } from "./drafts";
import { inspectFile, readDatasets, readJob, readSheets, startImport } from "./queries";

const POLL_MS = 400;

/** A file on its way into a question: uploaded, then imported as it is usually read, then named in the text. */
export interface Attachment {
  readonly id: number;
  readonly projectId: string;
  /** The draft that its sheets will be named in. */
  readonly place: string;
  readonly name: string;
  readonly status: "uploading" | "importing" | "failed";
  readonly uploadId: string | null;
  /** Why it failed; and the file, where it can still be imported by hand. */
  readonly said: string;
  readonly sourceId: string | null;
}

export const useAttachments = create<{ all: readonly Attachment[] }>(() => ({ all: [] }));

let last = 0;

export function attach(projectId: string, place: string, files: readonly File[], onSheets: () => void): void {
  for (const file of files) {
    const begun = { id: ++last, projectId, place, name: file.name, status: "uploading", uploadId: null, said: "", sourceId: null } as const;
    void bring(begun, file, onSheets);
  }
}

/** Takes a file away again; one that is still on its way goes no further. */
export function drop(id: number): void {
  const dropped = useAttachments.getState().all.find((one) => one.id === id);
  if (dropped?.status === "uploading" && dropped.uploadId !== null) void cancelUpload(dropped.uploadId);
  takeOff(id);
}

function takeOff(id: number): void {
  useAttachments.setState(({ all }) => ({ all: all.filter((one) => one.id !== id) }));
}

async function bring(attachment: Attachment, file: File, onSheets: () => void): Promise<void> {
  const { id, projectId, place } = attachment;
  useAttachments.setState(({ all }) => ({ all: [...all, attachment] }));
  try {
    const upload = uploadAside(projectId, file);
    change(id, { uploadId: upload.id });
    const source = await upload.source;
    change(id, { status: "importing", sourceId: source.id });
    for (const address of await imported(projectId, source)) addToDraft(place, `@${address}`);
    takeOff(id);
    onSheets();
  } catch (error) {
    change(id, { status: "failed", said: saying(error) });
  }
}

function change(id: number, fields: Partial<Attachment>): void {
  useAttachments.setState(({ all }) => ({ all: all.map((one) => (one.id === id ? { ...one, ...fields } : one)) }));
}

/** Imports all that the file holds; the addresses of its sheets. */
async function imported(projectId: string, source: Source): Promise<readonly string[]> {
  const [reading, datasets, before] = await Promise.all([
    inspectFile(projectId, source.id),
    readDatasets(projectId),
    readSheets(projectId),
  ]);
  const into = usualInto(source, reading.sheets, datasets);
  const there = before.filter((sheet) => into.kind === "old" && sheet.dataset_id === into.id && sheet.source_id !== source.id);
  const taken = there.map((sheet) => sheet.name);
  const selected = new Map<string, string>();
  for (const { name } of fullSheets(reading.sheets)) {
    selected.set(name, freeName(targetName(NOTHING_CHOSEN, source, reading.sheets, name), [...taken, ...selected.values()]));
  }
  if (selected.size === 0) throw new Error(`${source.name} holds no rows.`);
  const dataset = into.kind === "new" ? into.name : (datasets.find((d) => d.id === into.id)?.name ?? "");
  const made = await ended(await startImport(projectId, source.id, into.kind === "new", dataset, selected));
  const ids = sheetsOf(made).map(([, id]) => id);
  return (await readSheets(projectId)).filter((sheet) => ids.includes(sheet.id)).map((sheet) => sheet.address);
}

type Job = Awaited<ReturnType<typeof readJob>>;

async function ended(job: Job): Promise<Job> {
  let now = job;
  while (!hasEnded(now)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    now = await readJob(now.id);
  }
  if (now.status === "completed") return now;
  const detail = now.error?.["detail"];
  throw new Error(typeof detail === "string" ? detail : "The import was stopped.");
}
