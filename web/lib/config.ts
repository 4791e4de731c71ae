import type { Schemas } from "@/lib/api-types";
import { unreachable } from "@/lib/problem";

export type PageConfig = Schemas["PageConfig"];

let asked: Promise<PageConfig> | null = null;

/** The page's settings, asked for once, and again after forgetConfig. */
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

/** To be called where something of it has changed, before `["config"]` is invalidated. */
export function forgetConfig(): void {
  asked = null;
}
