"use client";

import { EyeOff, ListFilter, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { conditionWords } from "./conditions";
import { withFilters, type Column, type View } from "./view";

interface FilterChipsProps {
  view: View;
  onView: (view: View) => void;
  columns: readonly Column[];
  /** Opens what is about a column. */
  onOpen: (column: string) => void;
}

/** What the view leaves out, each to be changed or taken away; nothing where it shows all. */
export function FilterChips({ view, onView, columns, onOpen }: FilterChipsProps) {
  const filtered = [...new Set(view.filters.map((filter) => filter.column))];
  const hidden = view.hidden.filter((name) => columns.some((column) => column.name === name));
  if (filtered.length === 0 && hidden.length === 0) return null;
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type ?? "VARCHAR";
  return (
    <ul aria-label="What is left out" className="flex flex-wrap items-center gap-1.5 border-b border-line px-3 py-2">
      {filtered.map((name) => {
        const words = conditionWords(typeOf(name), view.filters.filter((filter) => filter.column === name));
        return (
          <Chip
            key={name}
            icon={<ListFilter aria-hidden className="size-3.5 shrink-0 text-accent" />}
            label={`${name} ${words}`}
            gone={`Remove the filter of ${name}`}
            onOpen={() => onOpen(name)}
            onGone={() => onView(withFilters(view, name, []))}
          >
            <span className="max-w-40 truncate font-medium">{name}</span> <span className="max-w-60 truncate">{words}</span>
          </Chip>
        );
      })}
      {hidden.map((name) => (
        <Chip
          key={`hidden ${name}`}
          icon={<EyeOff aria-hidden className="size-3.5 shrink-0 text-soft" />}
          label={`${name}, hidden`}
          gone={`Show ${name}`}
          onOpen={() => onOpen(name)}
          onGone={() => onView({ ...view, hidden: view.hidden.filter((other) => other !== name) })}
        >
          <span className="max-w-40 truncate text-soft">{name}</span>
        </Chip>
      ))}
      {filtered.length + hidden.length > 1 && (
        <li>
          <Button look="quiet" className="min-h-8! px-2!" onClick={() => onView({ ...view, filters: [], hidden: [] })}>
            Show all
          </Button>
        </li>
      )}
    </ul>
  );
}

interface ChipProps {
  icon: ReactNode;
  label: string;
  gone: string;
  onOpen: () => void;
  onGone: () => void;
  children: ReactNode;
}

function Chip({ icon, label, gone, onOpen, onGone, children }: ChipProps) {
  return (
    <li className="flex max-w-full items-center rounded-full border border-line bg-raised text-sm">
      <button type="button" aria-label={`Change: ${label}`} title={label} onClick={onOpen} className="flex h-8 min-w-0 items-center gap-1.5 rounded-l-full pl-3 hover:text-accent">
        {icon}
        {children}
      </button>
      <button type="button" aria-label={gone} title={gone} onClick={onGone} className="grid size-8 shrink-0 place-items-center rounded-full text-soft hover:bg-hover hover:text-ink">
        <X aria-hidden className="size-3.5" />
      </button>
    </li>
  );
}
