import { create } from "zustand";

/** Code that is being changed, by sheet: it stays while one looks at another tab or result. */
const useDrafts = create<{ of: Readonly<Record<string, string>> }>(() => ({ of: {} }));

export function useDraft(sheetId: string): string | undefined {
  return useDrafts((drafts) => drafts.of[sheetId]);
}

export function keepDraft(sheetId: string, code: string): void {
  useDrafts.setState(({ of }) => ({ of: { ...of, [sheetId]: code } }));
}

export function dropDraft(sheetId: string): void {
  useDrafts.setState(({ of: { [sheetId]: _, ...others } }) => ({ of: others }));
}
