"use client";

import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Empty } from "./empty";

/** Stands where a screen is not there yet, and says so. */
export function NextUp({ icon, title, children }: { icon: LucideIcon; title: string; children: ReactNode }) {
  return (
    <>
      <title>{`${title} · OryxForge`}</title>
      <h1 className="sr-only">{title}</h1>
      <Empty icon={icon} title={`${title} comes next`}>
        {children}
      </Empty>
    </>
  );
}
