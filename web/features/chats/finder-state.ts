import { create } from "zustand";

/** The words that chats are searched for; null while the search is closed. */
export const useFinder = create<{ words: string | null }>(() => ({ words: null }));

export function openChatFinder(words = ""): void {
  useFinder.setState({ words });
}

export function closeChatFinder(): void {
  useFinder.setState({ words: null });
}
