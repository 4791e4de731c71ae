"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useLayoutEffect, useRef, type ReactNode } from "react";
import { cn } from "./cn";

interface DialogProps {
  open: boolean;
  /** Without it the dialog can't be dismissed. */
  onClose?: () => void;
  title: string;
  description?: string;
  /** What it holds comes later: until then the dialog itself has the keyboard, not the first button in it. */
  waits?: boolean;
  className?: string;
  children: ReactNode;
}

export function Dialog({ open, onClose, title, description, waits = false, className, children }: DialogProps) {
  const before = useRef<Element | null>(null);
  // What it holds is drawn after this, and may take the keyboard at once.
  useLayoutEffect(() => {
    if (open) before.current = document.activeElement;
  }, [open]);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose?.()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Radix.Content
          onOpenAutoFocus={(event) => {
            if (!waits) return;
            event.preventDefault();
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          onCloseAutoFocus={(event) => {
            // Without a trigger of its own it would leave the keyboard nowhere.
            event.preventDefault();
            if (before.current instanceof HTMLElement) before.current.focus();
          }}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          className={cn(
            "appear fixed top-[12dvh] left-1/2 z-50 max-h-[76dvh] w-[calc(100%-2rem)] max-w-md -translate-x-1/2",
            "overflow-y-auto rounded-xl border border-line bg-paper p-6 shadow-lift focus:outline-none",
            className,
          )}
        >
          <Radix.Title className="display pr-8 text-xl">{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description className="mt-1 text-sm text-soft">{description}</Radix.Description>
          )}
          <div className="mt-5">{children}</div>
          {onClose && (
            <Radix.Close
              aria-label="Close"
              className="absolute top-4 right-4 grid size-9 place-items-center rounded-md text-soft hover:bg-hover"
            >
              <X aria-hidden className="size-4" />
            </Radix.Close>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
