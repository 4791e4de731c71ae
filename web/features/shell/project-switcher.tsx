"use client";

import { Check, ChevronsUpDown, FolderOpen, Plus } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import { Skeleton } from "@/components/ui/skeleton";
import { askForNewProject, projectAddress, useCurrentProject, useProjects } from "@/features/projects";

/** Another project on the same screen, where the screen is about a project. */
export function ProjectSwitcher() {
  const router = useRouter();
  const path = usePathname();
  const projects = useProjects();
  const current = useCurrentProject();
  if (projects.isPending) return <Skeleton className="h-11 w-full" />;
  const screen = ["/chat", "/data", "/workflow", "/project"].includes(path) ? path.slice(1) : "chat";
  return (
    <Menu
      align="start"
      className="w-(--radix-dropdown-menu-trigger-width) min-w-56"
      trigger={
        <button
          type="button"
          className="flex min-h-11 w-full items-center gap-2.5 rounded-lg border border-line bg-raised px-3 text-left hover:bg-hover"
        >
          <FolderOpen aria-hidden className="size-4 shrink-0 text-accent" />
          <span className="sr-only">Project: </span>
          <span className="min-w-0 flex-1 truncate font-medium">{current?.name ?? "No project open"}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-soft" />
        </button>
      }
    >
      {projects.data?.map((project) => (
        <MenuItem
          key={project.id}
          icon={<Check aria-hidden className={project.id === current?.id ? "size-4 text-accent" : "size-4 opacity-0"} />}
          onSelect={() => router.push(projectAddress(screen, project.id))}
        >
          <span className="truncate">{project.name}</span>
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<FolderOpen aria-hidden className="size-4" />} onSelect={() => router.push("/")}>
        All projects
      </MenuItem>
      <MenuItem icon={<Plus aria-hidden className="size-4" />} onSelect={askForNewProject}>
        New project
      </MenuItem>
    </Menu>
  );
}
