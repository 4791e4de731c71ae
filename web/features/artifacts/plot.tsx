"use client";

import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/skeleton";
import { saying } from "@/lib/problem";
import type { Tokens } from "./chart-theme";
import type { Drawable } from "./clean";
import { draw, loadPlotly, resize } from "./plotly";

interface PlotProps {
  figure: Drawable;
  tokens: Tokens | null;
  /** Read out in place of the drawing. */
  label: string;
  className?: string;
}

/** The drawing of a figure; its place is reserved before it is there. */
export function Plot({ figure, tokens, label, className }: PlotProps) {
  const holder = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"waiting" | "drawn" | { error: unknown }>("waiting");
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const element = holder.current;
    if (element === null || tokens === null) return undefined;
    let left = false;
    draw(element, figure, tokens).then(
      () => !left && setState("drawn"),
      (error: unknown) => !left && setState({ error }),
    );
    return () => {
      left = true;
    };
  }, [figure, tokens, attempt]);
  useResizing(holder, state === "drawn");

  const broke = typeof state === "object";
  return (
    <div className={cn("relative", className)}>
      <div ref={holder} data-plot="" role="img" aria-label={label} className={cn("absolute inset-0", broke && "invisible")} />
      {state === "waiting" && <Skeleton className="absolute inset-0" />}
      {broke && (
        <div role="alert" className="absolute inset-0 grid content-center justify-items-center gap-3 p-4 text-center text-sm">
          <p>The chart can't be drawn. {saying(state.error)}</p>
          <Button
            onClick={() => {
              setState("waiting");
              setAttempt((n) => n + 1);
            }}
          >
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement): string {
  return `${clientWidth}×${clientHeight}`;
}

/** Keeps a drawing at the size of its place, and frees it with the place. */
function useResizing(holder: { readonly current: HTMLDivElement | null }, drawn: boolean): void {
  useEffect(() => {
    const element = holder.current;
    if (!drawn || element === null) return undefined;
    let frame = 0;
    let before = sizeOf(element);
    const watcher = new ResizeObserver(() => {
      if (before === sizeOf(element)) return;
      before = sizeOf(element);
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => void resize(element));
    });
    watcher.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      watcher.disconnect();
      void loadPlotly().then((p) => !element.isConnected && p.purge(element));
    };
  }, [holder, drawn]);
}
