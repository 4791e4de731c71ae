"use client";

import { Maximize2, X } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Boundary } from "@/components/ui/boundary";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { projectAddress } from "@/features/projects";
import { ICONS } from "./artifact-card";
import { ArtifactView } from "./artifact-view";
import styles from "./print.module.css";
import { useSheet } from "./queries";

interface ArtifactPanelProps {
  projectId: string;
  sheetId: string;
  onClose: () => void;
  /** The version to look at first, the current one unless told. */
  version?: number;
}

/** A table, chart or report beside the chat: what it holds, the code behind it, its versions. */
export function ArtifactPanel({ projectId, sheetId, onClose, version }: ArtifactPanelProps) {
  const sheet = useSheet(sheetId);
  const alone = usePathname() === "/artifact";
  const Icon = ICONS[sheet.data?.type ?? "table"];
  return (
    <section aria-label={sheet.data?.name ?? "Result"} className={cn(styles["alone"], "flex h-full min-w-0 flex-col bg-paper")}>
      <header className="flex min-h-14 items-center gap-3 border-b border-line pr-2 pl-4">
        <Icon aria-hidden className="size-4 shrink-0 text-accent" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-medium" title={sheet.data?.name}>
            {sheet.data?.name ?? "…"}
          </h2>
          <p className="truncate text-xs text-soft">{sheet.data?.address ?? ""}</p>
        </div>
        {!alone && (
          <Link
            href={projectAddress("artifact", projectId, { a: sheetId })}
            prefetch={false}
            aria-label="Open on a page of its own"
            title="Open on a page of its own"
            className="grid size-9 place-items-center rounded-md text-soft hover:bg-hover hover:text-ink"
          >
            <Maximize2 aria-hidden className="size-4" />
          </Link>
        )}
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
          <ArtifactView sheet={sheet.data} first={version ?? null} />
        </Boundary>
      )}
    </section>
  );
}
