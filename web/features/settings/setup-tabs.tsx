"use client";

import { Tabs } from "radix-ui";
import type { ReactNode } from "react";

interface SetupTabsProps {
  label: string;
  /** Each by its name; the first is open unless `open` names another. */
  tabs: readonly (readonly [string, ReactNode])[];
  open?: string | undefined;
}

/** Ways to set something up, of which one is looked at. */
export function SetupTabs({ label, tabs, open = tabs[0]?.[0] ?? "" }: SetupTabsProps) {
  return (
    <Tabs.Root defaultValue={idOf(open)} className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Tabs.List aria-label={label} className="flex flex-wrap gap-1 border-b border-line">
        {tabs.map(([name]) => (
          <Tabs.Trigger
            key={name}
            value={idOf(name)}
            className="-mb-px min-h-9 border-b-2 border-transparent px-3 text-sm text-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {name}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {tabs.map(([name, content]) => (
        <Tabs.Content key={name} value={idOf(name)} className="grid grid-cols-[minmax(0,1fr)] gap-3">
          {content}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}

/** Values become ids, which have no spaces. */
function idOf(name: string): string {
  return name.replaceAll(" ", "-");
}
