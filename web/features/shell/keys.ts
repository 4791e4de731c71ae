/** A key press as commands name it: `mod+k`, `?`, `g`; null for a bare modifier. */
export function pressed(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string | null {
  if (["Control", "Meta", "Alt", "Shift"].includes(event.key) || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}

export interface Typed {
  readonly buffer: string;
  /** The keys of a command that is complete now. */
  readonly match: string | null;
}

/** Adds a press to what was pressed before; a press that leads nowhere begins anew. */
export function typed(buffer: string, press: string, known: readonly string[]): Typed {
  for (const tried of buffer ? [`${buffer} ${press}`, press] : [press]) {
    if (known.includes(tried)) return { buffer: "", match: tried };
    if (known.some((keys) => keys.startsWith(`${tried} `))) return { buffer: tried, match: null };
  }
  return { buffer: "", match: null };
}

/** Whether keys are being typed into something, so that only `mod+…` may be taken. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** The keys as they stand on the person's keyboard. */
export function shownKeys(keys: string, mac: boolean): string[] {
  return keys.split(" ").flatMap((key) => {
    const plain = key.replace(/^mod\+/, "");
    const name = plain.length === 1 ? plain.toUpperCase() : plain;
    return key.startsWith("mod+") ? [mac ? "⌘" : "Ctrl", name] : [name];
  });
}
