"use client";

import { useEffect, useRef, useState, type PointerEvent, type RefObject } from "react";
import type { Dataset, Sheet } from "@/features/sheets";
import { carry, holdsStill, pull, type Place } from "@/lib/dragging";

interface CarriedSheet {
  readonly sheet: Sheet;
  /** The dataset that it would land in, where that is another one. */
  readonly over: string | null;
}

interface Dragged {
  readonly onMove: (sheet: Sheet, datasetId: Dataset["id"]) => void;
  /** A finger rested on a sheet and went up where it was. */
  readonly onHeld: (sheet: Sheet) => void;
}

const HELD_PX = 10;

/** Moves sheets between the datasets of a tree, of which each line says in `data-dataset` where it belongs. */
export function useSheetDrag(tree: RefObject<HTMLElement | null>, { onMove, onHeld }: Dragged) {
  const [carried, setCarried] = useState<CarriedSheet | null>(null);
  /** What is carried, beside the pointer. */
  const chip = useRef<HTMLDivElement>(null);
  useEffect(() => holdsStill(tree.current), [tree]);

  const onGrab = (event: PointerEvent, sheet: Sheet): void => {
    const scroller = tree.current?.parentElement;
    if (event.button !== 0 || !scroller) return;
    const { clientX, clientY, pointerType } = event;
    const lands = ({ x, y }: Place): string | null => {
      const id = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-dataset]")?.dataset["dataset"];
      return id === undefined || id === sheet.dataset_id ? null : id;
    };
    carry(event.nativeEvent, {
      holder: scroller,
      onCarry: (place) => {
        const { top, bottom } = scroller.getBoundingClientRect();
        scroller.scrollTop += pull(place.y, top, bottom);
        if (chip.current) chip.current.style.translate = `${place.x + 12}px ${place.y + 8}px`;
        const over = lands(place);
        setCarried((old) => (old?.over === over ? old : { sheet, over }));
      },
      onDrop: (place) => {
        const to = lands(place);
        const isHeld = Math.hypot(place.x - clientX, place.y - clientY) <= HELD_PX;
        if (to !== null) onMove(sheet, to);
        else if (isHeld && pointerType !== "mouse") onHeld(sheet);
      },
      onEnd: () => setCarried(null),
    });
  };
  return { carried, chip, onGrab };
}
