import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Project } from "./queries";

/** The project that was open last: where an address names none, it is meant. */
export const useLastProject = create<{ id: string | null }>()(
  persist((): { id: string | null } => ({ id: null }), { name: "oryxforge-project" }),
);

export function chosenProject(
  projects: readonly Project[],
  asked: string | null,
  last: string | null,
): Project | undefined {
  if (asked !== null) return projects.find((project) => project.id === asked);
  return projects.find((project) => project.id === last) ?? projects[0];
}

export function may(project: Pick<Project, "role">, needed: Project["role"]): boolean {
  const order = ["viewer", "editor", "owner"];
  return order.indexOf(project.role) >= order.indexOf(needed);
}

/** The address of a project's screen: `/chat?p=…`, with more of the query where it is given. */
export function projectAddress(screen: string, projectId: string, more: Readonly<Record<string, string>> = {}): string {
  return `/${screen}?${new URLSearchParams({ p: projectId, ...more })}`;
}
