"use client";

import { Command, LogOut, MessageSquareText, Settings, Table2, Users, Workflow, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { RecentChats } from "@/features/chats";
import { projectAddress, useCurrentProject } from "@/features/projects";
import { pageSession, useUser } from "@/features/session";
import { Keys } from "./keys-shown";
import { ProjectSwitcher } from "./project-switcher";
import { openPalette } from "./shell-state";

const SCREENS: readonly (readonly [string, string, LucideIcon])[] = [
  ["chat", "Chat", MessageSquareText],
  ["data", "Data", Table2],
  ["workflow", "Workflow", Workflow],
  ["project", "People", Users],
];

/** What leads everywhere; beside the screen, or in a drawer. */
export function Sidebar() {
  const project = useCurrentProject();
  return (
    <div className="flex h-full flex-col gap-4 bg-panel p-3">
      <Link href="/" prefetch={false} className="flex min-h-9 items-center gap-2.5 rounded-md px-2">
        <img src="/icon.svg" alt="" width={24} height={24} />
        <span className="display text-lg">OryxForge</span>
      </Link>
      <ProjectSwitcher />
      {project ? (
        <>
          <nav aria-label="Project" className="grid gap-0.5">
            {SCREENS.map(([screen, name, icon]) => (
              <NavLink key={screen} address={projectAddress(screen, project.id)} icon={icon}>
                {name}
              </NavLink>
            ))}
          </nav>
          <RecentChats projectId={project.id} />
        </>
      ) : (
        <div className="flex-1" />
      )}
      <Foot />
    </div>
  );
}

function NavLink({ address, icon: Icon, children }: { address: string; icon: LucideIcon; children: string }) {
  const here = usePathname() === address.split("?")[0];
  return (
    <Link
      href={address}
      prefetch={false}
      aria-current={here ? "page" : undefined}
      className={cn(
        "flex min-h-9 items-center gap-2.5 rounded-md px-2.5 text-sm",
        here ? "bg-tint font-medium text-accent" : "text-soft hover:bg-hover hover:text-ink",
      )}
    >
      <Icon aria-hidden className="size-4" />
      {children}
    </Link>
  );
}

function Foot() {
  const user = useUser();
  return (
    <div className="grid gap-0.5 border-t border-line pt-3">
      <button
        type="button"
        onClick={openPalette}
        className="flex min-h-9 items-center gap-2.5 rounded-md px-2.5 text-sm text-soft hover:bg-hover hover:text-ink"
      >
        <Command aria-hidden className="size-4" />
        <span className="flex-1 text-left">Commands</span>
        <Keys keys="mod+k" />
      </button>
      <nav aria-label="Page">
        <NavLink address="/settings" icon={Settings}>
          Settings
        </NavLink>
      </nav>
      <div className="flex items-center gap-2 pl-2.5">
        <span className="min-w-0 flex-1 truncate text-xs text-soft" title={user.email ?? undefined}>
          {user.email ?? "Signed in"}
        </span>
        <IconButton label="Sign out" onClick={() => void pageSession.signOut()}>
          <LogOut aria-hidden className="size-4" />
        </IconButton>
      </div>
    </div>
  );
}
