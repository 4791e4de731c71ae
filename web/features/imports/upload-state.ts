import type { Schemas } from "@/lib/api-types";

export type Source = Schemas["SourceOut"];

/** `left`: a part is at the server, but the page was reloaded since and no longer holds the file. */
export type UploadStatus = "waiting" | "sending" | "paused" | "offline" | "done" | "failed" | "left";

interface Sample {
  readonly at: number;
  readonly sent: number;
}

export interface Upload {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly size: number;
  /** Of the file, so that a changed one is not taken for the same. */
  readonly modified: number;
  /** Where the server keeps what it has. */
  readonly address: string | null;
  readonly sent: number;
  readonly status: UploadStatus;
  readonly problem: string | null;
  readonly source: Source | null;
  readonly samples: readonly Sample[];
  /** It is shown beside what it is for, not among the uploads. */
  readonly aside: boolean;
}

export type UploadEvent =
  | { readonly type: "sending" | "paused" | "waiting" }
  | { readonly type: "offline"; readonly problem: string }
  | { readonly type: "addressed"; readonly address: string }
  | { readonly type: "sent"; readonly sent: number; readonly at: number }
  | { readonly type: "done"; readonly source: Source }
  | { readonly type: "failed"; readonly problem: string };

export const WINDOW_MS = 6000;
export const AT_ONCE = 2;

export function newUpload(id: string, projectId: string, file: Pick<File, "name" | "size" | "lastModified">): Upload {
  return {
    id,
    projectId,
    name: file.name,
    size: file.size,
    modified: file.lastModified,
    address: null,
    sent: 0,
    status: "waiting",
    problem: null,
    source: null,
    samples: [],
    aside: false,
  };
}

export function nextUpload(upload: Upload, event: UploadEvent): Upload {
  switch (event.type) {
    case "sending":
    case "paused":
    case "waiting":
      return { ...upload, status: event.type, problem: null, samples: [] };
    case "offline":
      return { ...upload, status: "offline", problem: event.problem, samples: [] };
    case "addressed":
      return { ...upload, address: event.address };
    case "sent":
      return {
        ...upload,
        // A byte that gets through ends a break; what a paused request still reports does not.
        status: upload.status === "offline" ? "sending" : upload.status,
        problem: null,
        sent: event.sent,
        samples: [...upload.samples.filter((s) => s.at > event.at - WINDOW_MS), { at: event.at, sent: event.sent }],
      };
    case "done":
      return { ...upload, status: "done", sent: upload.size, problem: null, source: event.source, samples: [] };
    case "failed":
      return { ...upload, status: "failed", problem: event.problem, address: null, sent: 0, samples: [] };
  }
}

/** Bytes a second of late; null while too little is known. */
export function speedOf({ samples }: Upload): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < 500) return null;
  return ((last.sent - first.sent) / (last.at - first.at)) * 1000;
}

export function secondsLeft(upload: Upload): number | null {
  const speed = speedOf(upload);
  return speed ? (upload.size - upload.sent) / speed : null;
}

/** Whether a file is the one that an upload began with, as far as a browser tells. */
export function isSameFile(upload: Upload, file: Pick<File, "name" | "size" | "lastModified">): boolean {
  return upload.name === file.name && upload.size === file.size && upload.modified === file.lastModified;
}

/** Which waiting uploads may begin now. */
export function toBegin(uploads: readonly Upload[]): readonly Upload[] {
  const busy = uploads.filter((u) => u.status === "sending" || u.status === "offline").length;
  return uploads.filter((u) => u.status === "waiting").slice(0, Math.max(0, AT_ONCE - busy));
}

/** Uploads that are neither over nor given up. */
export function underWay(uploads: readonly Upload[]): readonly Upload[] {
  return uploads.filter((u) => u.status !== "done" && u.status !== "failed");
}
