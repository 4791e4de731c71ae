"use client";

import { useEffect } from "react";
import { allCommands } from "./commands";
import { isTyping, pressed, typed } from "./keys";

const SEQUENCE_MS = 1200;

/** Listens for the keys of all commands; stands once in the shell. */
export function useKeys(): void {
  useEffect(() => {
    let buffer = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    function onKey(event: KeyboardEvent) {
      const press = pressed(event);
      if (press === null || event.defaultPrevented) return;
      if (!press.startsWith("mod+") && (isTyping(event.target) || isInDialog(event.target))) return;
      const commands = allCommands();
      const after = typed(buffer, press, commands.flatMap((c) => c.keys ?? []));
      buffer = after.buffer;
      clearTimeout(timer);
      timer = setTimeout(() => (buffer = ""), SEQUENCE_MS);
      const command = after.match && commands.find((c) => c.keys === after.match);
      if (!command) return;
      event.preventDefault();
      command.run();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;
}
