"use client";

import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

interface MenuProps {
  /** One button; the menu opens beside it, inside the same landmark. */
  trigger: ReactNode;
  align?: "start" | "end";
  className?: string;
  /** Where it is opened by more than its button. */
  open?: boolean;
  onOpen?: (open: boolean) => void;
  children: ReactNode;
}

export function Menu({ trigger, align = "end", className, open, onOpen, children }: MenuProps) {
  return (
    <Radix.Root modal={false} {...(open === undefined ? {} : { open })} {...(onOpen && { onOpenChange: onOpen })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Content
        align={align}
        sideOffset={4}
        collisionPadding={8}
        className={cn(
          "appear z-50 max-h-[60dvh] min-w-48 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-lift",
          className,
        )}
      >
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}

interface MenuItemProps {
  onSelect: () => void;
  danger?: boolean;
  icon?: ReactNode;
  children: ReactNode;
}

export function MenuItem({ onSelect, danger = false, icon, children }: MenuItemProps) {
  return (
    <Radix.Item
      onSelect={onSelect}
      className={cn(
        "flex min-h-9 items-center gap-2.5 rounded-md px-2.5 text-sm outline-none data-highlighted:bg-hover",
        danger && "text-bad",
      )}
    >
      {icon}
      {children}
    </Radix.Item>
  );
}

export function MenuLine() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
