/** What went wrong with a request, in words for the person; `code` is a stable word of the API. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly requestId: string | null = null,
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(detail);
  }

  /** Whether the same request may do better a little later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || (this.status >= 502 && this.status <= 504);
  }
}

export interface FieldProblem {
  readonly loc: string;
  readonly msg: string;
}

export function unreachable(): Problem {
  return new Problem(0, "unreachable", "OryxForge does not answer. Is it still running?");
}

/** What a refused token is to the person; the API's own words for it are for programs. */
export function signedOut(requestId: string | null): Problem {
  return new Problem(401, "signed_out", "You are signed out. Sign in again; what you typed stays.", requestId);
}

/** The problem that an answer of the API tells; anything else than problem+json gets a plain sentence. */
export function problemOf(status: number, body: unknown, requestId: string | null): Problem {
  const told = isRecord(body) ? body : {};
  return new Problem(
    status,
    text(told["code"]) ?? "http_error",
    text(told["detail"]) ?? `The server answered with status ${status}. Try again.`,
    text(told["request_id"]) ?? requestId,
    Array.isArray(told["errors"]) ? told["errors"].filter(isFieldProblem) : [],
  );
}

/** A sentence for whatever was thrown. */
export function saying(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "Something went wrong. Try again.";
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && typeof value["loc"] === "string" && typeof value["msg"] === "string";
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
