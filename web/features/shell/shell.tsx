"use client";

import { usePathname } from "next/navigation";
import { Suspense, type ReactNode } from "react";
import { Boundary } from "@/components/ui/boundary";
import { Skeleton } from "@/components/ui/skeleton";
import { DropZone, UploadTray } from "@/features/imports";
import { ChatFinder } from "@/features/chats";
import { ProjectDialogs, useCurrentProject } from "@/features/projects";
import { SessionGate } from "@/features/session";
import { TopBar } from "./drawer";
import { Keymap } from "./keymap";
import { Offline } from "./offline";
import { Palette } from "./palette";
import { ProjectCommands } from "./project-commands";
import { useShellCommands } from "./shell-commands";
import { Sidebar } from "./sidebar";
import { useKeys } from "./use-keys";

/** The frame of every screen. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <Suspense fallback={<ShellSkeleton />}>
      <SessionGate waiting={<ShellSkeleton />}>
        <Frame side={<Sidebar />} top={<TopBar />}>
          {children}
        </Frame>
        <Everywhere />
      </SessionGate>
    </Suspense>
  );
}

function Frame({ side, top, children }: { side: ReactNode; top: ReactNode; children: ReactNode }) {
  // What broke on one screen is not shown on the next.
  const path = usePathname();
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto] print:block print:h-auto md:grid-cols-[16.5rem_minmax(0,1fr)] md:grid-rows-[minmax(0,1fr)_auto]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to the content
      </a>
      <aside className="hidden min-h-0 border-r border-line md:row-span-2 md:block print:hidden" aria-label="Sidebar">
        <Boundary region="The sidebar">{side}</Boundary>
      </aside>
      <Boundary region="The bar">{top}</Boundary>
      <main id="main" tabIndex={-1} className="min-h-0 overflow-y-auto focus:outline-none print:overflow-visible">
        <Boundary key={path} region="This screen">{children}</Boundary>
      </main>
      <Boundary region="The uploads">
        <UploadTray />
      </Boundary>
    </div>
  );
}

function Everywhere() {
  useKeys();
  useShellCommands();
  const project = useCurrentProject();
  return (
    <Boundary region="A dialog">
      <Offline />
      {project && <ProjectCommands projectId={project.id} />}
      <DropZone />
      <ProjectDialogs />
      <Palette />
      <ChatFinder />
      <Keymap />
    </Boundary>
  );
}

function ShellSkeleton() {
  return (
    <div className="grid h-dvh md:grid-cols-[16.5rem_minmax(0,1fr)]" role="status" aria-label="OryxForge is loading">
      <div className="hidden border-r border-line bg-panel p-3 md:block">
        <Skeleton className="mt-1.5 mb-5 ml-2 h-6 w-32" />
        <Skeleton className="h-11" />
      </div>
      <div className="h-12 border-b border-line bg-panel md:hidden" />
    </div>
  );
}
