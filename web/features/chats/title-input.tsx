"use client";

import type { Renaming } from "./use-renaming";

/** A chat's title as it is being changed: Enter keeps it, Escape does not. */
export function TitleInput({ renaming: { title, rename }, onDone }: { renaming: Renaming; onDone: () => void }) {
  return (
    <input
      autoFocus
      aria-label="Name of the chat"
      defaultValue={title}
      maxLength={200}
      onFocus={(event) => event.target.select()}
      onBlur={(event) => {
        rename(event.target.value.trim());
        onDone();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") {
          event.preventDefault();
          event.currentTarget.value = title;
          event.currentTarget.blur();
        }
      }}
      className="h-9 w-full min-w-0 rounded-md border border-edge bg-raised px-2 text-sm"
    />
  );
}
