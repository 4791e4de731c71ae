import type { Schemas } from "@/lib/api-types";
import { unreachable } from "@/lib/problem";

export type PageConfig = Schemas["PageConfig"];

let asked: Promise<PageConfig> | null = null;

/** The page's settings, asked for once. */
export function loadConfig(): Promise<PageConfig> {
  asked ??= fetch("/config.json").then(
    async (answer) => {
      if (!answer.ok) throw unreachable();
      return (await answer.json()) as PageConfig;
    },
    () => {
      asked = null;
      throw unreachable();
    },
  );
  return asked;
}
