"use client";

import { X } from "lucide-react";
import { Boundary } from "@/components/ui/boundary";
import { IconButton } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { ICONS } from "./artifact-card";
import { ArtifactView } from "./artifact-view";
import { useSheet } from "./queries";

interface ArtifactPanelProps {
  projectId: string;
  sheetId: string;
  onClose: () => void;
}

/** A table, chart or report beside the chat: what it holds, the code behind it, its versions. */
export function ArtifactPanel({ sheetId, onClose }: ArtifactPanelProps) {
  const sheet = useSheet(sheetId);
  const Icon = ICONS[sheet.data?.type ?? "table"];
  return (
    <aside aria-label={sheet.data?.name ?? "Result"} className="flex h-full min-w-0 flex-col bg-paper">
      <header className="flex min-h-14 items-center gap-3 border-b border-line pr-2 pl-4 print:hidden">
        <Icon aria-hidden className="size-4 shrink-0 text-accent" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-medium">{sheet.data?.name ?? "…"}</h2>
          <p className="truncate text-xs text-soft">{sheet.data?.address ?? ""}</p>
        </div>
        <IconButton label="Close" onClick={onClose}>
          <X aria-hidden className="size-4" />
        </IconButton>
      </header>
      {sheet.isPending && <Skeleton className="m-4 h-80" />}
      {sheet.isError && (
        <div className="p-4">
          <Trouble error={sheet.error} again={() => void sheet.refetch()} />
        </div>
      )}
      {sheet.data && (
        <Boundary key={sheetId} region="The result">
          <ArtifactView sheet={sheet.data} />
        </Boundary>
      )}
    </aside>
  );
}
