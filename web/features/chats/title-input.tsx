"use client";

import { toast } from "sonner";
import { saying } from "@/lib/problem";
import { useRenameChat, type Chat } from "./queries";

/** A chat's title as it is being changed: Enter keeps it, Escape does not. */
export function TitleInput({ chat, onDone }: { chat: Chat; onDone: () => void }) {
  const rename = useRenameChat(chat);
  function keep(typed: string) {
    const title = typed.trim();
    onDone();
    if (title !== "" && title !== chat.title) rename.mutate(title, { onError: (error) => void toast.error(saying(error)) });
  }
  return (
    <input
      autoFocus
      aria-label="Name of the chat"
      defaultValue={chat.title}
      maxLength={200}
      onFocus={(event) => event.target.select()}
      onBlur={(event) => keep(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") {
          event.preventDefault();
          event.currentTarget.value = chat.title;
          event.currentTarget.blur();
        }
      }}
      className="h-9 w-full min-w-0 rounded-md border border-edge bg-raised px-2 text-sm"
    />
  );
}
