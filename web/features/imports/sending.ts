import type { DetailedError, HttpRequest, Upload as TusUpload } from "tus-js-client";
import { pageSession } from "@/features/session";
import { problemOf, saying, type Problem } from "@/lib/problem";
import type { Upload } from "./upload-state";

const PART_BYTES = 8_000_000;
const ENDPOINT = "/files/uploads";
const FIRST_WAITS_MS = [0, 1000, 2000, 4000, 8000, 15_000];
const LONG_WAIT_MS = 30_000;
const LONG_WAITS = 2000;

interface Heard {
  onSent: (sent: number) => void;
  onAddress: (address: string) => void;
  /** Nothing gets through at the moment; it is tried again by itself. */
  onBreak: (words: string) => void;
  onDone: () => void;
  onFailed: (words: string) => void;
}

/** One file on its way to the server, in parts; it begins anew, or goes on where the server has it. */
export async function sendFile(upload: Upload, file: File, heard: Heard): Promise<TusUpload> {
  const tus = await import("tus-js-client");
  let refused = false;
  const sending: TusUpload = new tus.Upload(file, {
    endpoint: ENDPOINT,
    uploadUrl: upload.address,
    chunkSize: PART_BYTES,
    retryDelays: [...FIRST_WAITS_MS, ...Array<number>(LONG_WAITS).fill(LONG_WAIT_MS)],
    metadata: { project_id: upload.projectId, filename: upload.name },
    storeFingerprintForResuming: false,
    onBeforeRequest: async (request: HttpRequest) => {
      const token = refused ? await pageSession.renewed() : await pageSession.fresh();
      refused = false;
      if (token !== null) request.setHeader("Authorization", `Bearer ${token}`);
    },
    onShouldRetry: (error) => {
      const status = statusOf(error);
      refused = status === 401;
      if (!mayPass(status)) return false;
      if (status !== 401) heard.onBreak(status === 0 ? unreachableWords() : problemIn(error).message);
      return true;
    },
    onUploadUrlAvailable: () => sending.url !== null && heard.onAddress(sending.url),
    onProgress: (sent) => heard.onSent(sent),
    onSuccess: () => heard.onDone(),
    onError: (error) => heard.onFailed("originalResponse" in error ? wordsFor(problemIn(error)) : saying(error)),
  });
  sending.start();
  return sending;
}

/** Whether the same request may do better later: no answer at all, a lock, a limit, a server in trouble. */
export function mayPass(status: number): boolean {
  return status === 0 || [401, 408, 409, 423, 429].includes(status) || (status >= 500 && status !== 507);
}

/** What is said to the person where the server's own words are for programs. */
export function wordsFor(problem: Problem): string {
  switch (problem.status) {
    case 413:
      return "The file is larger than this server takes. Split it, save it as Parquet, or raise the server's limit.";
    case 507:
      return "The server has no room left for a file of this size. Free some space there, then try again.";
    case 429:
      return "Too many uploads are open. Finish or cancel some, then try again.";
    default:
      return problem.message;
  }
}

function unreachableWords(): string {
  return navigator.onLine ? "The server does not answer. Trying again …" : "You are offline. It goes on by itself.";
}

function statusOf(error: DetailedError): number {
  return error.originalResponse?.getStatus() ?? 0;
}

function problemIn(error: DetailedError): Problem {
  const answer = error.originalResponse;
  let body: unknown = null;
  try {
    body = JSON.parse(answer?.getBody() ?? "");
  } catch {
    body = null;
  }
  return problemOf(statusOf(error), body, answer?.getHeader("X-Request-ID") ?? null);
}
