"use client";

import { may, useProjects } from "@/features/projects";

/** Whether this person may change a project's sheets. */
export function useMay(projectId: string): boolean {
  const project = useProjects().data?.find(({ id }) => id === projectId);
  return project !== undefined && may(project, "editor");
}
