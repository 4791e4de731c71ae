"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { create } from "zustand";
import { projectAddress } from "./current";
import { NamingDialog } from "./naming-dialog";
import { useCreateProject, useRenameProject, type Project } from "./queries";

type Open = { readonly what: "none" } | { readonly what: "new" } | { readonly what: "rename"; readonly project: Project };

const useOpen = create<{ open: Open }>(() => ({ open: { what: "none" } }));
const close = () => useOpen.setState({ open: { what: "none" } });

export function askForNewProject(): void {
  useOpen.setState({ open: { what: "new" } });
}

export function askForName(project: Project): void {
  useOpen.setState({ open: { what: "rename", project } });
}

/** Stands once in the shell; the functions above open it from anywhere. */
export function ProjectDialogs() {
  const open = useOpen((s) => s.open);
  if (open.what === "new") return <NewProject />;
  if (open.what === "rename") return <RenameProject key={open.project.id} project={open.project} />;
  return null;
}

function NewProject() {
  const router = useRouter();
  const create = useCreateProject();
  // One key for one wish: a second press of the button makes no second project.
  const [retryKey, setRetryKey] = useState(newKey);

  async function make(name: string) {
    try {
      const project = await create.mutateAsync({ name, retryKey });
      router.push(projectAddress("data", project.id));
    } catch (error) {
      setRetryKey(newKey());
      throw error;
    }
  }

  return (
    <NamingDialog title="New project" action="Make it" placeholder="Sales 2026" onClose={close} onName={make} />
  );
}

function RenameProject({ project }: { project: Project }) {
  const rename = useRenameProject(project.id);
  return (
    <NamingDialog
      title="Rename the project"
      action="Rename"
      name={project.name}
      onClose={close}
      onName={(name) => rename.mutateAsync(name)}
    />
  );
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
}
