import { isAbort } from "@/lib/problem";

export const PAGE_ROWS = 200;
const MOST_PAGES = 80;
const REST_MS = 60;

export type Row = readonly unknown[];

export interface PageOf {
  readonly headers: readonly string[];
  readonly types: readonly string[];
  readonly data: readonly Row[];
  readonly total: number;
}

export type Load = (offset: number, limit: number, signal: AbortSignal) => Promise<PageOf>;

export interface Known {
  /** Changes with each page that comes. */
  readonly turn: number;
  readonly total: number | null;
  readonly headers: readonly string[];
  readonly types: readonly string[];
  readonly error: unknown;
}

/** The pages of one view of a sheet: fetched as they come into sight, given up as they leave it. */
export class Pages {
  private readonly held = new Map<number, readonly Row[]>();
  private readonly coming = new Map<number, AbortController>();
  private readonly heard = new Set<() => void>();
  private known: Known = { turn: 0, total: null, headers: [], types: [], error: null };
  private wanted: readonly number[] = [];
  private movedAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly load: Load) {}

  readonly subscribe = (hear: () => void): (() => void) => {
    this.heard.add(hear);
    return () => this.heard.delete(hear);
  };

  readonly snapshot = (): Known => this.known;

  row(index: number): Row | undefined {
    return this.held.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** All rows that are here. */
  here(): readonly Row[] {
    return [...this.held.values()].flat();
  }

  /** Says which rows are in sight. */
  want(first: number, end: number): void {
    const pages = pagesOf(first, Math.max(end, first + 1), this.known.total);
    if (String(pages) === String(this.wanted)) return;
    this.wanted = pages;
    for (const [page, request] of this.coming) if (!pages.includes(page)) request.abort();
    const now = Date.now();
    const isRushing = now - this.movedAt < REST_MS;
    this.movedAt = now;
    clearTimeout(this.timer);
    if (isRushing) this.timer = setTimeout(() => this.fetchWanted(), REST_MS);
    else this.fetchWanted();
  }

  again(): void {
    this.told({ error: null });
    this.fetchWanted();
  }

  /** Rows by their numbers, from what is here and, for the rest, from the server. */
  async rows(first: number, end: number, signal: AbortSignal): Promise<readonly Row[]> {
    const here = Array.from({ length: end - first }, (_, n) => this.row(first + n));
    if (here.every((row) => row !== undefined)) return here;
    return (await this.load(first, end - first, signal)).data;
  }

  close(): void {
    clearTimeout(this.timer);
    this.wanted = [];
    for (const request of this.coming.values()) request.abort();
  }

  private fetchWanted(): void {
    for (const page of this.wanted) if (!this.held.has(page) && !this.coming.has(page)) void this.fetch(page);
  }

  private async fetch(page: number): Promise<void> {
    const request = new AbortController();
    this.coming.set(page, request);
    try {
      const { data, ...rest } = await this.load(page * PAGE_ROWS, PAGE_ROWS, request.signal);
      this.keep(page, data);
      this.told({ total: rest.total, headers: rest.headers, types: rest.types, error: null });
    } catch (error) {
      if (!isAbort(error) && !request.signal.aborted) this.told({ error });
    } finally {
      this.coming.delete(page);
      if (request.signal.aborted && this.wanted.includes(page) && !this.held.has(page)) void this.fetch(page);
    }
  }

  private keep(page: number, rows: readonly Row[]): void {
    this.held.delete(page);
    this.held.set(page, rows);
    for (const old of this.held.keys()) {
      if (this.held.size <= MOST_PAGES) break;
      if (!this.wanted.includes(old)) this.held.delete(old);
    }
  }

  private told(news: Partial<Known>): void {
    this.known = { ...this.known, ...news, turn: this.known.turn + 1 };
    for (const hear of this.heard) hear();
  }
}

/** Pages of rows, and the next one after them. */
export function pagesOf(first: number, end: number, total: number | null): readonly number[] {
  const from = Math.floor(first / PAGE_ROWS);
  const to = Math.floor((end - 1) / PAGE_ROWS);
  const last = total === null ? to : Math.max(0, Math.ceil(total / PAGE_ROWS) - 1);
  return Array.from({ length: Math.min(to + 1, Math.max(last, from)) - from + 1 }, (_, n) => from + n);
}
