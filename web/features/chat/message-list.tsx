"use client";

import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, type ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { ItemView, type ItemActions } from "./item-view";
import type { Item } from "./items";

const NEAR_END = 64;
const NEAR_START = 1600;
const ESTIMATES: Readonly<Record<Item["kind"], number>> = {
  asked: 80, said: 160, thought: 44, step: 44, made: 380, offer: 96, note: 36,
};

interface MessageListProps {
  items: readonly Item[];
  actions: ItemActions;
  processing: boolean;
  /** Grows when the reader asks something: then the end is what they want to see. */
  asks: number;
  /** Brings what was before the first item; null where nothing was. */
  readEarlier: (() => void) | null;
  /** Told whether the reader looks at something above the end. */
  onAbove: (above: boolean) => void;
  /** Below the last item. */
  end: ReactNode;
  /** Below the last item of an answer that has ended. */
  foot: (at: number) => ReactNode;
}

/** The items, of which only those in sight are there; it keeps to the end unless the reader went up. */
export function MessageList({ items, actions, processing, asks, readEarlier, onAbove, end, foot }: MessageListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => ESTIMATES[items[at]?.kind ?? "said"],
    getItemKey: (at) => items[at]?.seq ?? at,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: NEAR_END,
    overscan: 4,
    paddingStart: 16,
    paddingEnd: 24,
  });
  const first = items.length > 0;
  useLayoutEffect(() => {
    if (first) list.scrollToEnd();
  }, [first, asks, list]);
  const away = list.getTotalSize() > 0 && !list.isAtEnd(NEAR_END * 2);
  useEffect(() => onAbove(away), [onAbove, away]);
  useSettled(list, !away);
  const nearStart = () => {
    if (scroller.current && scroller.current.scrollTop < NEAR_START) readEarlier?.();
  };
  // Where all that was read fits on the screen, nothing is scrolled.
  const top = items[0]?.seq;
  useEffect(nearStart, [top, readEarlier === null]);
  const lastAsked = items.findLastIndex((item) => item.kind === "asked");

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label="Conversation"
        aria-busy={processing}
        onScroll={nearStart}
        className="h-full overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        {/* Questions out of sight are not there: this is what the headings of an answer stand below then. */}
        <h2 className="sr-only">Conversation</h2>
        <div className="relative mx-auto w-full max-w-3xl" style={{ height: list.getTotalSize() }}>
          {readEarlier && <p className="absolute inset-x-0 top-0 text-center text-xs leading-4 text-soft">Reading what was before…</p>}
          {list.getVirtualItems().map(({ index, key, start }) => {
            const item = items[index];
            const last = index === items.length - 1;
            const over = index < lastAsked || !processing;
            const closes = item?.kind !== "asked" && over && (last || items[index + 1]?.kind === "asked");
            return (
              <div
                key={key}
                ref={list.measureElement}
                data-index={index}
                className={cn("absolute inset-x-0 top-0 px-4 sm:px-8", isLine(item) && isLine(items[index + 1]) ? "pb-0.5" : "pb-3")}
                style={{ transform: `translateY(${start}px)` }}
              >
                {item && <ItemView item={item} actions={actions} growing={last && !over} over={over} open={last && !processing} />}
                {last && end}
                {closes && foot(index)}
              </div>
            );
          })}
        </div>
      </div>
      <div aria-hidden className="pointer-events-none absolute inset-x-0 bottom-0 h-5 bg-linear-to-t from-paper to-transparent" />
      <ToEnd shown={away} processing={processing} onClick={() => list.scrollToEnd()} />
    </div>
  );
}

/** What stands in one line among others. */
function isLine(item: Item | undefined): boolean {
  return item?.kind === "step" || item?.kind === "thought";
}

/** Takes the sizes of what was drawn before it is seen: the list's own look at them comes a frame late, and the end bounces. */
function useSettled(list: Virtualizer<HTMLDivElement, HTMLDivElement>, atEnd: boolean): void {
  useLayoutEffect(() => {
    if (!atEnd) return;
    for (const { index, key } of list.getVirtualItems()) {
      const drawn = list.elementsCache.get(key);
      if (drawn?.isConnected) list.resizeItem(index, Math.round(drawn.getBoundingClientRect().height));
    }
  });
}

function ToEnd({ shown, processing, onClick }: { shown: boolean; processing: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      aria-hidden={!shown}
      tabIndex={shown ? 0 : -1}
      className={cn(
        "absolute bottom-3 left-1/2 flex min-h-9 -translate-x-1/2 items-center gap-2 rounded-full border border-line bg-raised px-3.5 text-sm shadow-lift transition-opacity hover:bg-hover",
        shown ? "opacity-100" : "pointer-events-none opacity-0",
      )}
    >
      <ArrowDown aria-hidden className={cn("size-4", processing && "text-accent")} />
      To the end
    </button>
  );
}
