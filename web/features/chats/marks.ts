export interface Part {
  readonly text: string;
  readonly marked: boolean;
}

/** A text in parts, those marked that are one of the words, whatever their case. */
export function marks(text: string, words: readonly string[]): readonly Part[] {
  const sought = [...new Set(words.filter((word) => word !== ""))].sort((a, b) => b.length - a.length);
  if (sought.length === 0) return text === "" ? [] : [{ text, marked: false }];
  const pattern = new RegExp(`(${sought.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
  return text
    .split(pattern)
    .map((part, at) => ({ text: part, marked: at % 2 === 1 }))
    .filter((part) => part.text !== "");
}

export const wordsOf = (search: string): readonly string[] => search.toLowerCase().split(/\s+/).filter(Boolean);
