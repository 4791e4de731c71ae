"use client";

import type { LucideIcon } from "lucide-react";
import { useEffect } from "react";
import { create } from "zustand";

/** Something that one can do now: it stands in the palette, and in the keyboard map where it has keys. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly icon?: LucideIcon;
  /** Further words by which it is found. */
  readonly words?: string;
  /** One key after another, as `g p`; or `mod+k` (Ctrl, or Cmd on a Mac). */
  readonly keys?: string;
  readonly run: () => void;
}

interface Registered {
  readonly sets: ReadonlyMap<symbol, readonly Command[]>;
}

const useRegistered = create<Registered>(() => ({ sets: new Map() }));

/** Offers commands while the component is mounted. Memoise the list: a new one is registered anew. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    const key = Symbol("commands");
    useRegistered.setState(({ sets }) => ({ sets: new Map(sets).set(key, commands) }));
    return () =>
      useRegistered.setState(({ sets }) => {
        const left = new Map(sets);
        left.delete(key);
        return { sets: left };
      });
  }, [commands]);
}

export function useAllCommands(): readonly Command[] {
  const sets = useRegistered((s) => s.sets);
  return [...sets.values()].flat();
}

export function allCommands(): readonly Command[] {
  return [...useRegistered.getState().sets.values()].flat();
}

export function byGroup(commands: readonly Command[]): readonly (readonly [string, readonly Command[]])[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups];
}
