"use client";

import { Search, X } from "lucide-react";
import { useEffect, useState, type KeyboardEvent, type ReactNode } from "react";
import { IconButton } from "@/components/ui/button";
import { narrows, type View } from "./view";

const REST_MS = 250;
const SEARCH_ID = "grid-search";
export const GRID_ID = "grid-rows";

export function focusSearch(): void {
  document.getElementById(SEARCH_ID)?.focus();
}

interface GridBarProps {
  view: View;
  onView: (view: View) => void;
  total: number | null;
  all: number | null;
  actions: ReactNode;
}

/** Above the grid: search, how many rows, and what else one can do. */
export function GridBar({ view, onView, total, all, actions }: GridBarProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-2">
      <SearchField text={view.search} onText={(search) => onView({ ...view, search })} />
      <p role="status" className="px-1 text-sm text-soft tabular-nums">
        {rowsSaid(total, all, narrows(view))}
      </p>
      <div className="ml-auto flex items-center">{actions}</div>
    </div>
  );
}

function rowsSaid(total: number | null, all: number | null, isNarrowed: boolean): string {
  if (total === null) return "Counting rows…";
  const words = `${total.toLocaleString("en")}${isNarrowed && all !== null ? ` of ${all.toLocaleString("en")}` : ""}`;
  return `${words} ${(isNarrowed ? all ?? total : total) === 1 ? "row" : "rows"}`;
}

function SearchField({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const [seen, setSeen] = useState(text);
  if (seen !== text) {
    setSeen(text);
    setTyped(text);
  }
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => onText(typed), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, text, onText]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") onText(typed);
    else if (event.key === "Escape" && typed !== "") onText("");
    else if (event.key === "ArrowDown" || event.key === "Escape") document.getElementById(GRID_ID)?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <div className="relative w-full min-w-40 sm:w-64">
      <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-soft" />
      <input
        id={SEARCH_ID}
        type="search"
        aria-label="Search all columns"
        placeholder="Search all columns"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        className="h-9 w-full rounded-md border border-edge bg-raised pr-9 pl-8 text-sm [&::-webkit-search-cancel-button]:hidden"
      />
      {typed !== "" && (
        <IconButton label="Clear the search" className="absolute top-0 right-0" onClick={() => onText("")}>
          <X aria-hidden className="size-4" />
        </IconButton>
      )}
    </div>
  );
}
