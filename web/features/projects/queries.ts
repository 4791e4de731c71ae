"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";
import { deleteLater, useIsGone } from "@/lib/undo";

export type Project = Schemas["ProjectOut"];
export type Member = Schemas["MemberOut"];
export type Role = Schemas["Role"];

const PROJECTS = ["projects"] as const;
const membersKey = (projectId: string) => ["members", projectId] as const;

/** All projects of the signed-in person, without those that are being deleted. */
export function useProjects() {
  const isGone = useIsGone();
  return useQuery({
    queryKey: PROJECTS,
    queryFn: ({ signal }) => api.get("/projects", { signal }),
    select: (list) => list.projects.filter((project) => !isGone(`project:${project.id}`)),
  });
}

export function useCreateProject() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, retryKey }: { name: string; retryKey: string }) =>
      api.post("/projects", { body: { name }, headers: { "Idempotency-Key": retryKey } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: PROJECTS }),
  });
}

export function useRenameProject(projectId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api.patch("/projects/{project_id}", { path: { project_id: projectId }, body: { name } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: PROJECTS }),
  });
}

/** Deletes a project once the toast with its undo has gone. */
export function useDeleteProject() {
  const queries = useQueryClient();
  return (project: Project) =>
    deleteLater({
      key: `project:${project.id}`,
      said: `${project.name} is deleted with all its data and chats.`,
      run: async (leaving) => {
        await api.delete("/projects/{project_id}", { path: { project_id: project.id }, keepalive: leaving });
        await queries.invalidateQueries({ queryKey: PROJECTS });
      },
    });
}

/** Takes the caller off a project that another owns. */
export function useLeaveProject() {
  const queries = useQueryClient();
  return (project: Project, email: string) =>
    deleteLater({
      key: `project:${project.id}`,
      said: `You no longer share ${project.name}.`,
      run: async (leaving) => {
        await api.delete("/projects/{project_id}/members", {
          path: { project_id: project.id },
          query: { email },
          keepalive: leaving,
        });
        await queries.invalidateQueries({ queryKey: PROJECTS });
      },
    });
}

export function useMembers(projectId: string) {
  const isGone = useIsGone();
  return useQuery({
    queryKey: membersKey(projectId),
    queryFn: ({ signal }) =>
      api.get("/projects/{project_id}/members", { path: { project_id: projectId }, signal }),
    select: (list) => list.members.filter((member) => !isGone(`member:${projectId}:${member.user_id}`)),
  });
}

/** Adds somebody, or gives a member another role. */
export function useShare(projectId: string, how: "post" | "patch") {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; role: Role }) => {
      const asked = { path: { project_id: projectId }, body };
      return how === "post"
        ? api.post("/projects/{project_id}/members", asked)
        : api.patch("/projects/{project_id}/members", asked);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: membersKey(projectId) }),
  });
}

/** Stops sharing with a member once the toast has gone. */
export function useRemoveMember(projectId: string) {
  const queries = useQueryClient();
  return ({ user_id, email }: Member) =>
    deleteLater({
      key: `member:${projectId}:${user_id}`,
      said: `${email ?? "A member"} no longer has this project.`,
      run: async (leaving) => {
        await api.delete("/projects/{project_id}/members", {
          path: { project_id: projectId },
          query: { email: email ?? "" },
          keepalive: leaving,
        });
        await queries.invalidateQueries({ queryKey: membersKey(projectId) });
      },
    });
}
