"use client";

import { Columns3 } from "lucide-react";
import { Popover } from "radix-ui";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { kindWord } from "./kinds";
import { inOrder, withMember, type Column, type View } from "./view";

const MANY = 8;

interface ColumnsMenuProps {
  columns: readonly Column[];
  view: View;
  onView: (view: View) => void;
}

/** Which columns are shown. */
export function ColumnsMenu({ columns, view, onView }: ColumnsMenuProps) {
  const [wanted, setWanted] = useState("");
  const id = useId();
  const found = inOrder(columns, view).filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  const shown = columns.filter(({ name }) => !view.hidden.includes(name));
  return (
    <Popover.Root onOpenChange={() => setWanted("")}>
      <Popover.Trigger asChild>
        <Button look="quiet" title="Columns" className="px-2.5!">
          <Columns3 aria-hidden className="size-4" />
          <span className="max-sm:sr-only">Columns</span>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label="Columns"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="appear z-40 flex max-h-[min(60dvh,var(--radix-popover-content-available-height))] w-72 max-w-[calc(100vw-1rem)] flex-col rounded-lg border border-line bg-raised shadow-lift focus:outline-none"
        >
          {columns.length > MANY && (
            <div className="p-2 pb-0">
              <input
                type="search"
                aria-label="Find a column"
                placeholder="Find a column"
                value={wanted}
                onChange={(event) => setWanted(event.target.value)}
                className="h-9 w-full rounded-md border border-edge bg-raised px-3 text-sm"
              />
            </div>
          )}
          <ul className="min-h-0 overflow-y-auto p-1">
            {found.map(({ name, type }, n) => {
              const isShown = !view.hidden.includes(name);
              return (
                <li key={name}>
                  <label htmlFor={`${id}-${n}`} className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm hover:bg-hover">
                    <input
                      id={`${id}-${n}`}
                      type="checkbox"
                      checked={isShown}
                      // A sheet without columns has nothing to bring them back by.
                      disabled={isShown && shown.length === 1}
                      onChange={() => onView({ ...view, hidden: withMember(view.hidden, name, isShown) })}
                      className="size-4 accent-(--accent)"
                    />
                    <span className="min-w-0 flex-1 truncate">{name}</span>
                    <span className="text-xs text-soft">{kindWord(type)}</span>
                  </label>
                </li>
              );
            })}
          </ul>
          {view.hidden.length > 0 && (
            <div className="border-t border-line p-1">
              <Button look="quiet" className="w-full" onClick={() => onView({ ...view, hidden: [] })}>
                Show all columns
              </Button>
            </div>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
