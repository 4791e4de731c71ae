"use client";

import { Dialog } from "radix-ui";
import { lazy, Suspense } from "react";
import { useShell } from "./shell-state";

const PaletteList = lazy(() => import("./palette-list").then((m) => ({ default: m.PaletteList })));

/** Everything that one can do, found by its words. */
export function Palette() {
  const open = useShell((s) => s.palette);
  return (
    <Dialog.Root open={open} onOpenChange={(palette) => useShell.setState({ palette })}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="appear fixed top-[12dvh] left-1/2 z-50 w-[calc(100%-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-raised shadow-lift focus:outline-none"
        >
          <Dialog.Title className="sr-only">Commands</Dialog.Title>
          <Suspense fallback={<div className="h-80" />}>
            <PaletteList />
          </Suspense>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
