import { isRecord } from "@/lib/problem";
import type { Upload } from "./upload-state";

/** What a reload must not forget of an upload. */
type Kept = Pick<Upload, "id" | "projectId" | "name" | "size" | "modified" | "address" | "sent">;

const PREFIX = "oryxforge-upload:";

export function keepUpload(userId: string, { id, projectId, name, size, modified, address, sent }: Upload): void {
  const kept: Kept = { id, projectId, name, size, modified, address, sent };
  // A browser whose storage is full or shut forgets the upload at a reload; it goes on without.
  try {
    localStorage.setItem(`${PREFIX}${userId}:${id}`, JSON.stringify(kept));
  } catch {
    return;
  }
}

export function forgetUpload(userId: string, id: string): void {
  localStorage.removeItem(`${PREFIX}${userId}:${id}`);
}

/** What this person began in this browser and has not ended. */
export function keptUploads(userId: string): readonly Upload[] {
  const prefix = `${PREFIX}${userId}:`;
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return keys.flatMap((key) => {
    const kept = parsed(localStorage.getItem(key));
    return kept === null ? [] : [{ ...kept, status: "left", problem: null, source: null, samples: [], aside: false } as const];
  });
}

/** Tells other tabs that this one is at it, until it has ended or the tab is gone. */
export function holdUpload(id: string, ended: Promise<unknown>): void {
  // Only pages of https and of this machine have locks; without them another tab may show the upload too.
  void navigator.locks?.request(PREFIX + id, { ifAvailable: true }, () => ended.then(nothing, nothing));
}

export async function heldUploads(): Promise<ReadonlySet<string>> {
  const held = (await navigator.locks?.query())?.held ?? [];
  return new Set(held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
}

function nothing(): void {
  return;
}

function parsed(text: string | null): Kept | null {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isKept(value) ? value : null;
  } catch {
    return null;
  }
}

function isKept(value: unknown): value is Kept {
  if (!isRecord(value)) return false;
  const texts = ["id", "projectId", "name", "address"].every((key) => typeof value[key] === "string");
  return texts && ["size", "modified", "sent"].every((key) => typeof value[key] === "number");
}
