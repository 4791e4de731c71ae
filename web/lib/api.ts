import type { paths } from "@/lib/api-schema";
import type { Answer, Asked, Common, Method, PathsOf } from "@/lib/api-types";
import { isAbort, isRecord, Problem, problemOf, signedOut, unreachable } from "@/lib/problem";

/** Where a request's token comes from, and what to do when the API refuses it. */
export interface Tokens {
  current(): string | null;
  /** A token that has not run out, renewed where need be. */
  fresh(): Promise<string | null>;
  /** A new one in place of one that was refused; null where there is none. */
  renewed(): Promise<string | null>;
}

interface Loose extends Common {
  readonly path?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

const WAITS_MS = [300, 1200];

export class Api {
  constructor(
    private readonly tokens: Tokens,
    private readonly base = "",
    private readonly waits: readonly number[] = WAITS_MS,
  ) {}

  get<P extends PathsOf<"get">>(path: P, asked: Asked<P, "get">): Promise<Answer<P, "get">> {
    return this.json("get", path, asked);
  }

  post<P extends PathsOf<"post">>(path: P, asked: Asked<P, "post">): Promise<Answer<P, "post">> {
    return this.json("post", path, asked);
  }

  patch<P extends PathsOf<"patch">>(path: P, asked: Asked<P, "patch">): Promise<Answer<P, "patch">> {
    return this.json("patch", path, asked);
  }

  delete<P extends PathsOf<"delete">>(path: P, asked: Asked<P, "delete">): Promise<Answer<P, "delete">> {
    return this.json("delete", path, asked);
  }

  /** The answer itself, for streams and bytes; throws Problem unless it is a good one. */
  async raw(method: Method, path: string, asked: Loose = {}): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(method, path, asked);
      } catch (error) {
        const wait = this.waits[attempt];
        if (method !== "get" || wait === undefined || !isPassing(error)) throw error;
        await pause(wait, asked.signal);
      }
    }
  }

  private async json<P extends keyof paths, M extends Method>(
    method: M,
    path: P,
    asked: Loose,
  ): Promise<Answer<P, M>> {
    const answer = await this.raw(method, path, asked);
    const body: unknown = answer.status === 204 ? undefined : await answer.json();
    return body as Answer<P, M>;
  }

  private async once(method: Method, path: string, asked: Loose): Promise<Response> {
    // A page that is being left has no time to wait for a token.
    const token = asked.keepalive ? this.tokens.current() : await this.tokens.fresh();
    const answer = await this.send(method, path, asked, token);
    if (answer.status !== 401 || token === null) return good(answer);
    const renewed = await this.tokens.renewed();
    return good(renewed === null ? answer : await this.send(method, path, asked, renewed));
  }

  private async send(method: Method, path: string, asked: Loose, token: string | null): Promise<Response> {
    const headers = new Headers(asked.headers);
    headers.set("X-Request-ID", requestId());
    if (token !== null) headers.set("Authorization", `Bearer ${token}`);
    const init: RequestInit = { method: method.toUpperCase(), headers, keepalive: asked.keepalive ?? false };
    if (asked.signal) init.signal = asked.signal;
    if (asked.body !== undefined) {
      headers.set("Content-Type", "application/json");
      init.body = JSON.stringify(asked.body);
    }
    try {
      return await fetch(this.base + addressOf(path, record(asked.path), record(asked.query)), init);
    } catch (error) {
      throw isAbort(error) ? error : unreachable();
    }
  }
}

/** The address with its places filled and its query; what is undefined or null is left out. */
export function addressOf(
  path: string,
  places: Readonly<Record<string, unknown>> = {},
  query: Readonly<Record<string, unknown>> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(places[name])));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (one !== undefined && one !== null) asked.append(name, String(one));
    }
  }
  return asked.size > 0 ? `${filled}?${asked}` : filled;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

async function good(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const requestId = answer.headers.get("x-request-id");
  if (answer.status === 401) throw signedOut(requestId);
  const body: unknown = await answer.json().catch(() => null);
  throw problemOf(answer.status, body, requestId);
}

function isPassing(error: unknown): boolean {
  return error instanceof Problem && error.passing;
}

function requestId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(new DOMException("The request was given up.", "AbortError"));
      },
      { once: true },
    );
  });
}
