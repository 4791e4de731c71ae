"use client";

import type { Upload as TusUpload } from "tus-js-client";
import { create } from "zustand";
import { api } from "@/features/session/hooks";
import { currentUserId } from "@/features/session";
import { Problem, saying } from "@/lib/problem";
import { forgetUpload, heldUploads, holdUpload, keepUpload, keptUploads } from "./kept-uploads";
import { sendFile } from "./sending";
import { isSameFile, newUpload, nextUpload, toBegin, type Source, type Upload, type UploadEvent } from "./upload-state";

export const useUploads = create<{ uploads: readonly Upload[] }>(() => ({ uploads: [] }));

export interface Begun {
  readonly id: string;
  /** Rejects where it was refused or cancelled. */
  readonly source: Promise<Source>;
}

interface Waiter {
  resolve: (source: Source) => void;
  reject: (error: Error) => void;
}

/** The page's uploads: two at once, the others in turn; they go on whatever screen is shown. */
class Uploads {
  private readonly files = new Map<string, File>();
  private readonly running = new Map<string, TusUpload>();
  private readonly waiters = new Map<string, Waiter[]>();

  /** The upload, and the source that the file becomes. Goes on with what an earlier visit has sent of the same file. */
  start(projectId: string, file: File, aside = false): Begun {
    const before = all().find((u) => u.status === "left" && u.projectId === projectId && isSameFile(u, file));
    const upload = { ...(before ?? newUpload(newId(), projectId, file)), aside };
    useUploads.setState({ uploads: [...all().filter((u) => u !== before), upload] });
    this.files.set(upload.id, file);
    const ended = new Promise<Source>((resolve, reject) => {
      this.waiters.set(upload.id, [...(this.waiters.get(upload.id) ?? []), { resolve, reject }]);
    });
    holdUpload(upload.id, ended);
    this.tell(upload.id, { type: "waiting" });
    this.pump();
    return { id: upload.id, source: ended };
  }

  pause(id: string): void {
    void this.running.get(id)?.abort();
    this.running.delete(id);
    this.tell(id, { type: "paused" });
    this.pump();
  }

  resume(id: string): void {
    this.tell(id, { type: "waiting" });
    this.pump();
  }

  /** Tries at once what waits for a connection. */
  online(): void {
    for (const upload of all().filter((u) => u.status === "offline")) {
      void this.running.get(upload.id)?.abort();
      this.running.delete(upload.id);
      this.tell(upload.id, { type: "waiting" });
    }
    this.pump();
  }

  /** Ends an upload, here and at the server. */
  async cancel(id: string): Promise<void> {
    const upload = all().find((u) => u.id === id);
    await this.running.get(id)?.abort();
    this.drop(id);
    this.settle(id, (waiter) => waiter.reject(new Error("The upload was cancelled.")));
    await forgetAtServer(upload?.address ?? null);
  }

  /** Takes an ended upload off the list. */
  dismiss(id: string): void {
    this.drop(id);
  }

  /** Takes the upload that became this source off the list. */
  seen(sourceId: string): void {
    for (const upload of all().filter((u) => u.source?.id === sourceId)) this.drop(upload.id);
  }

  /** Stops everything when somebody signs out; what was sent is there when they come again. */
  leave(): void {
    for (const sending of this.running.values()) void sending.abort();
    for (const { id } of all()) this.settle(id, (waiter) => waiter.reject(new Error("Signed out.")));
    this.running.clear();
    this.files.clear();
    useUploads.setState({ uploads: [] });
  }

  /** Shows what a visit before has left unfinished, and no other tab goes on with. */
  async findLeft(userId: string): Promise<void> {
    const elsewhere = await heldUploads();
    for (const upload of keptUploads(userId)) {
      if (elsewhere.has(upload.id) || all().some((u) => u.id === upload.id)) continue;
      const sent = await this.sentOf(upload);
      if (currentUserId() !== userId) return;
      if (sent === null) forgetUpload(userId, upload.id);
      else useUploads.setState({ uploads: [...all().filter((u) => u.id !== upload.id), { ...upload, sent }] });
    }
  }

  /** How much of an upload the server has; null where it is whole, or gone. */
  private async sentOf(upload: Upload): Promise<number | null> {
    try {
      const path = { upload_id: idIn(upload.address) };
      const found = await api.get("/files/uploads/{upload_id}", { path });
      return found.source ? null : found.offset;
    } catch (error) {
      return error instanceof Problem && error.status >= 400 && error.status < 500 ? null : upload.sent;
    }
  }

  private pump(): void {
    for (const upload of toBegin(all())) {
      this.tell(upload.id, { type: "sending" });
      void this.send(upload);
    }
  }

  private async send(upload: Upload): Promise<void> {
    const file = this.files.get(upload.id);
    if (!file) return;
    const { id } = upload;
    try {
      const sending = await sendFile(upload, file, {
        onSent: (sent) => this.sent(id, sent),
        onAddress: (address) => this.tell(id, { type: "addressed", address }),
        onBreak: (problem) => this.tell(id, { type: "offline", problem }),
        onDone: () => void this.finish(id),
        onFailed: (problem) => this.fail(id, problem),
      });
      // It may have been paused or cancelled while the library was being loaded.
      if (all().find((u) => u.id === id)?.status === "sending") this.running.set(id, sending);
      else void sending.abort();
    } catch (error) {
      this.fail(id, saying(error));
    }
  }

  private sent(id: string, sent: number): void {
    const upload = all().find((u) => u.id === id);
    if (!upload || upload.status === "paused") return;
    this.tell(id, { type: "sent", sent, at: Date.now() });
  }

  private async finish(id: string): Promise<void> {
    const address = all().find((u) => u.id === id)?.address ?? null;
    try {
      const path = { upload_id: idIn(address) };
      const { source } = await api.get("/files/uploads/{upload_id}", { path });
      if (!source) throw new Error("The server does not have the whole file. Bring it again.");
      this.end(id, { type: "done", source });
      this.settle(id, (waiter) => waiter.resolve(source));
    } catch (error) {
      this.fail(id, saying(error));
    }
  }

  private fail(id: string, problem: string): void {
    const address = all().find((u) => u.id === id)?.address ?? null;
    this.end(id, { type: "failed", problem });
    this.settle(id, (waiter) => waiter.reject(new Error(problem)));
    void forgetAtServer(address);
  }

  private end(id: string, event: UploadEvent): void {
    this.running.delete(id);
    // What failed may be tried again.
    if (event.type === "done") this.files.delete(id);
    this.tell(id, event);
    forgetUpload(currentUserId(), id);
    // What it was for tells what became of it.
    if (all().find((u) => u.id === id)?.aside) this.drop(id);
    this.pump();
  }

  private drop(id: string): void {
    this.running.delete(id);
    this.files.delete(id);
    forgetUpload(currentUserId(), id);
    useUploads.setState({ uploads: all().filter((u) => u.id !== id) });
    this.pump();
  }

  private settle(id: string, how: (waiter: Waiter) => void): void {
    this.waiters.get(id)?.forEach(how);
    this.waiters.delete(id);
  }

  private tell(id: string, event: UploadEvent): void {
    const uploads = all().map((u) => (u.id === id ? nextUpload(u, event) : u));
    useUploads.setState({ uploads });
    const upload = uploads.find((u) => u.id === id);
    if (upload?.address && event.type === "addressed") keepUpload(currentUserId(), upload);
  }
}

async function forgetAtServer(address: string | null): Promise<void> {
  if (address === null) return;
  try {
    const asked = { path: { upload_id: idIn(address) }, headers: { "Tus-Resumable": "1.0.0" } };
    await api.delete("/files/uploads/{upload_id}", asked);
  } catch (error) {
    // What is left at the server expires there within a day.
    if (!(error instanceof Problem)) throw error;
  }
}

function idIn(address: string | null): string {
  return address?.split("/").pop() ?? "";
}

function all(): readonly Upload[] {
  return useUploads.getState().uploads;
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
}

export const uploads = new Uploads();

/** Brings a file into a project; the source that it becomes, once it is whole. Rejects where it was refused or cancelled. */
export function startUpload(projectId: string, file: File): Promise<Source> {
  return uploads.start(projectId, file).source;
}

/** Brings a file that is shown beside what it is for, not among the uploads. */
export function uploadAside(projectId: string, file: File): Begun {
  return uploads.start(projectId, file, true);
}

/** How far an upload is; undefined once it has ended. */
export function useUpload(id: string | null): Upload | undefined {
  return useUploads((s) => s.uploads.find((upload) => upload.id === id));
}

export function cancelUpload(id: string): Promise<void> {
  return uploads.cancel(id);
}
