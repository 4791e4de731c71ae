"use client";

import { FolderPlus, Search, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { AddData } from "@/features/imports";
import { may, type Project } from "@/features/projects";
import { useDatasets, useSheets } from "@/features/sheets";
import { withKey } from "@/lib/undo";
import { askFor } from "./ask";
import { linesOf } from "./tree";
import { TreeLines } from "./tree-lines";

/** Datasets and their sheets. */
export function SheetTree({ project, open }: { project: Project; open: string | null }) {
  const datasets = useDatasets(project.id);
  const sheets = useSheets(project.id);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [search, setSearch] = useState("");
  const lines = useMemo(
    () => linesOf(datasets.data ?? [], sheets.data ?? [], closed, search),
    [datasets.data, sheets.data, closed, search],
  );
  const failed = datasets.error ?? sheets.error;
  const again = () => void Promise.all([datasets.refetch(), sheets.refetch()]);
  const editable = may(project, "editor");
  return (
    <>
      {open === null && <h1 className="sr-only">Data</h1>}
      <div className="flex items-center gap-1 p-3 pr-2">
        <div className="relative min-w-0 flex-1">
          <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-soft" />
          <input
            type="search"
            aria-label="Find a sheet"
            placeholder="Find a sheet"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="h-9 w-full rounded-md border border-edge bg-raised pr-3 pl-8 text-sm"
          />
        </div>
        {editable && (
          <IconButton label="New dataset" onClick={() => askFor({ what: "new-dataset" })}>
            <FolderPlus aria-hidden className="size-4" />
          </IconButton>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {failed && <Trouble error={failed} again={again} />}
        {(datasets.isPending || sheets.isPending) && <Skeleton className="mx-1 h-40" />}
        {datasets.data && sheets.data && (
          <TreeLines project={project} lines={lines} open={open} onFold={(id, isOpen) => setClosed(withKey(closed, id, !isOpen))} />
        )}
        {search.trim() !== "" && lines.length === 0 && !datasets.isPending && <p className="px-2 py-4 text-sm text-soft">No sheet is called so.</p>}
      </div>
      {editable && (
        <div className="flex items-center justify-between gap-2 border-t border-line p-2">
          <AddData projectId={project.id} look="quiet" />
          <Button look="quiet" onClick={() => askFor({ what: "deleted" })}>
            <Trash2 aria-hidden className="size-4" />
            Deleted
          </Button>
        </div>
      )}
    </>
  );
}
