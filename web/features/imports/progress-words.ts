import type { Job } from "./queries";
import { bytes, duration, number } from "@/lib/words";

interface ProgressWords {
  readonly title: string;
  readonly words: string;
  readonly done: number;
  readonly total: number;
}

const STAGES: Readonly<Record<string, string>> = {
  queued: "Waits for its turn",
  waiting: "Waits for its turn",
  reading: "Reads the file",
  writing: "Reads and converts",
  finishing: "Nearly done",
  done: "Nearly done",
};

/** How far an import is, in words and as a share of the whole. */
export function progressWords({ status, progress }: Pick<Job, "status" | "progress">): ProgressWords {
  const stage = typeof progress["stage"] === "string" ? progress["stage"] : "queued";
  const sheet = typeof progress["sheet"] === "string" ? progress["sheet"] : "";
  const [done, total, rows, rate] = ["bytes", "bytes_total", "rows", "bytes_per_s"].map((key) => count(progress[key])) as [
    number, number, number, number,
  ];
  const [before, sheets] = [count(progress["sheets_done"]), Math.max(1, count(progress["sheets_total"]))];
  const share = total > 0 ? done / total : 0;
  const parts = [
    status === "queued" ? STAGES["queued"] : (STAGES[stage] ?? stage),
    sheets > 1 && `sheet ${before + 1} of ${sheets}`,
    total > 0 && `${bytes(done)} of ${bytes(total)}`,
    rows > 0 && `${number(rows)} rows`,
    rate > 0 && `${bytes(rate)}/s`,
    rate > 0 && done < total && `${duration((total - done) / rate)} left`,
  ];
  return {
    title: sheet === "" ? "Importing" : `Importing ${sheet}`,
    words: parts.filter(Boolean).join(" · "),
    done: Math.round((before + share) * 1000),
    total: sheets * 1000,
  };
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
