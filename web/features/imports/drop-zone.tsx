"use client";

import { Files, FileUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { toast } from "sonner";
import { may, projectAddress, useCurrentProject, type Project } from "@/features/projects";
import { useUser } from "@/features/session";
import { useCommands, type Command } from "@/features/shell";
import { chooseFiles, useBring } from "./bring";
import { fileOfPaste } from "./pasted";
import { uploads } from "./uploads";

/** Stands once in the shell: files that are dropped, and tables that are pasted, anywhere on the page are brought in. */
export function DropZone() {
  const project = useCurrentProject();
  const over = useDrops(project);
  usePastes(project);
  useGoingOn();
  useImportCommands(project);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-shade p-6">
      <div className="appear grid justify-items-center gap-3 rounded-xl border-2 border-dashed border-accent bg-paper px-10 py-8 text-center shadow-lift">
        <FileUp aria-hidden className="size-8 text-accent" strokeWidth={1.6} />
        <p className="display text-xl">{project ? `Drop into ${project.name}` : "Open a project first"}</p>
        <p className="text-sm text-soft">CSV, Excel or Parquet; several at once if you like</p>
      </div>
    </div>
  );
}

function useDrops(project: Project | undefined): boolean {
  const [over, setOver] = useState(false);
  const bring = useBring();
  useEffect(() => {
    let depth = 0;
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (holdsFiles(event) && ++depth === 1) setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (holdsFiles(event) && --depth <= 0) setOver(false);
    };
    const hover = (event: DragEvent) => holdsFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      // Somebody nearer, such as the prompt box, may have taken the files already.
      if (!holdsFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      const files = filesIn(event);
      if (isOpen(project)) bring(project.id, files);
    };
    const heard = { dragenter: enter, dragleave: leave, dragover: hover, drop } as const;
    const entries = Object.entries(heard) as [keyof typeof heard, (event: DragEvent) => void][];
    for (const [name, listener] of entries) addEventListener(name, listener);
    return () => {
      for (const [name, listener] of entries) removeEventListener(name, listener);
    };
  }, [project, bring]);
  return over;
}

function usePastes(project: Project | undefined): void {
  const bring = useBring();
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const data = event.clipboardData;
      if (!data || event.defaultPrevented || isTyping(event.target)) return;
      const made = fileOfPaste(data.getData("text/html"), data.getData("text/plain"), new Date());
      const files = data.files.length > 0 ? [...data.files] : made ? [made] : [];
      if (files.length > 0 && isOpen(project)) bring(project.id, files);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, [project, bring]);
}

function useGoingOn(): void {
  const { id } = useUser();
  useEffect(() => {
    void uploads.findLeft(id);
    return () => uploads.leave();
  }, [id]);
  useEffect(() => {
    const online = () => uploads.online();
    addEventListener("online", online);
    return () => removeEventListener("online", online);
  }, []);
}

function useImportCommands(project: Project | undefined): void {
  const router = useRouter();
  const bring = useBring();
  useCommands(
    useMemo((): Command[] => {
      if (!project) return [];
      const { id } = project;
      const files = () => router.push(projectAddress("data", id, { files: "1" }));
      const shown: Command = { id: "files", title: "Files", icon: Files, keys: "g f", words: "uploads sources imports", run: files, group: "Go to" };
      if (!may(project, "editor")) return [shown];
      const add = () => chooseFiles((chosen) => bring(id, chosen));
      return [shown, { id: "add-data", title: "Add data", icon: FileUp, words: "upload import bring file csv excel", run: add, group: "Make" }];
    }, [project, router, bring]),
  );
}

function isOpen(project: Project | undefined): project is Project {
  if (project && may(project, "editor")) return true;
  toast.error(project ? `You may look at ${project.name}, but not add to it.` : "Open a project first, then drop files into it.");
  return false;
}

/** The files of a drop, without folders, which can't be read as one. */
function filesIn(event: DragEvent): readonly File[] {
  const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === "file");
  const folders = items.filter((item) => item.webkitGetAsEntry()?.isDirectory);
  if (folders.length > 0) toast.error("Folders can't be brought as they are. Drop the files in them.");
  return items.flatMap((item) => (folders.includes(item) ? [] : (item.getAsFile() ?? [])));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select") !== null);
}
