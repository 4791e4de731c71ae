"use client";

import { Menu as MenuIcon } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { Dialog } from "radix-ui";
import { useEffect } from "react";
import { IconButton } from "@/components/ui/button";
import { useCurrentProject } from "@/features/projects";
import { useShell } from "./shell-state";
import { Sidebar } from "./sidebar";

/** The bar on top of a narrow screen, and the sidebar that it opens. */
export function TopBar() {
  const open = useShell((s) => s.drawer);
  const project = useCurrentProject();
  const where = `${usePathname()}?${useSearchParams()}`;
  useEffect(() => useShell.setState({ drawer: false }), [where]);
  return (
    <header className="flex h-12 items-center gap-1 border-b border-line bg-panel px-2 md:hidden print:hidden">
      <Dialog.Root open={open} onOpenChange={(drawer) => useShell.setState({ drawer })}>
        <Dialog.Trigger asChild>
          <IconButton label="Menu">
            <MenuIcon aria-hidden className="size-5" />
          </IconButton>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-shade md:hidden" />
          <Dialog.Content
            aria-describedby={undefined}
            className="slide fixed inset-y-0 left-0 z-50 w-72 max-w-[85vw] border-r border-line shadow-lift focus:outline-none md:hidden"
          >
            <Dialog.Title className="sr-only">Menu</Dialog.Title>
            <Sidebar />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      <span className="display min-w-0 flex-1 truncate text-base">{project?.name ?? "OryxForge"}</span>
    </header>
  );
}
