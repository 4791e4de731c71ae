"use client";

import { Ellipsis, LogOut, Pencil, Trash2, Users } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { IconButton } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import { useUser } from "@/features/session/hooks";
import { sinceWhen } from "@/lib/dates";
import { may, projectAddress } from "./current";
import { askForName } from "./project-dialogs";
import { useDeleteProject, useLeaveProject, type Project } from "./queries";
import { RoleBadge } from "./role-badge";

export function ProjectCard({ project }: { project: Project }) {
  return (
    <li className="group relative flex min-h-[7.5rem] flex-col rounded-xl border border-line bg-raised p-5 transition-shadow focus-within:shadow-lift hover:shadow-lift">
      <h2 className="display pr-10 text-lg">
        <Link
          href={projectAddress("chat", project.id)}
          prefetch={false}
          className="line-clamp-2 break-words after:absolute after:inset-0 after:rounded-xl focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent"
        >
          {project.name}
        </Link>
      </h2>
      <p className="mt-auto flex items-center justify-between pt-4 text-sm text-soft">
        <span>Made {sinceWhen(project.created_at)}</span>
        <RoleBadge role={project.role} />
      </p>
      <div className="absolute top-3 right-3">
        <ProjectMenu project={project} />
      </div>
    </li>
  );
}

function ProjectMenu({ project }: { project: Project }) {
  const router = useRouter();
  const user = useUser();
  const remove = useDeleteProject();
  const leave = useLeaveProject();
  const mine = may(project, "owner");
  return (
    <Menu
      trigger={
        <IconButton label={`More for ${project.name}`}>
          <Ellipsis aria-hidden className="size-4" />
        </IconButton>
      }
    >
      {mine && (
        <MenuItem icon={<Pencil aria-hidden className="size-4" />} onSelect={() => askForName(project)}>
          Rename
        </MenuItem>
      )}
      <MenuItem
        icon={<Users aria-hidden className="size-4" />}
        onSelect={() => router.push(projectAddress("project", project.id))}
      >
        People and sharing
      </MenuItem>
      <MenuLine />
      {mine ? (
        <MenuItem danger icon={<Trash2 aria-hidden className="size-4" />} onSelect={() => remove(project)}>
          Delete
        </MenuItem>
      ) : (
        <MenuItem danger icon={<LogOut aria-hidden className="size-4" />} onSelect={() => leave(project, user.email ?? "")}>
          Leave the project
        </MenuItem>
      )}
    </Menu>
  );
}
