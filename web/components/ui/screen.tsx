import type { ReactNode } from "react";
import { cn } from "./cn";

interface ScreenProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** For what has use of the width. */
  wide?: boolean;
  children: ReactNode;
}

/** A screen that scrolls as a page; grids and chats fill the height on their own instead. */
export function Screen({ title, lead, actions, wide = false, children }: ScreenProps) {
  return (
    <div className={cn("mx-auto w-full px-4 py-8 sm:px-8 sm:py-12", wide ? "max-w-7xl" : "max-w-4xl")}>
      <title>{`${title} · OryxForge`}</title>
      <header className="mb-8 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 className="display text-3xl break-words">{title}</h1>
          {lead !== undefined && <p className="mt-1 text-soft">{lead}</p>}
        </div>
        {actions}
      </header>
      {children}
    </div>
  );
}
