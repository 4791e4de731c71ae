import { create } from "zustand";
import type { Dataset, Sheet } from "@/features/sheets";

/** What is being asked, in a dialog over the data screen. */
export type Ask =
  | { readonly what: "rename-sheet" | "move-sheet" | "versions" | "receipt"; readonly sheet: Sheet }
  | { readonly what: "rename-dataset"; readonly dataset: Dataset }
  | { readonly what: "new-dataset" | "deleted" };

export const useAsked = create<{ ask: Ask | null }>(() => ({ ask: null }));

export function askFor(ask: Ask): void {
  useAsked.setState({ ask });
}

export function askNoMore(): void {
  useAsked.setState({ ask: null });
}
