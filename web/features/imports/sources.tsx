"use client";

import { Ellipsis, FileSpreadsheet, FileText, FileUp, Table2, Trash2, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Empty } from "@/components/ui/empty";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { sinceWhen } from "@/lib/dates";
import { AddData } from "./add-data";
import { previewAddress } from "./bring";
import { useDeleteSource, useSources } from "./queries";
import type { Source } from "./upload-state";
import { bytes } from "@/lib/words";

const ICONS: Readonly<Record<Source["type"], LucideIcon>> = { csv: FileText, excel: FileSpreadsheet, parquet: Table2 };
const STATES: Readonly<Record<Source["status"]["flag"], string>> = {
  pending: "Not imported yet",
  processing: "Being imported",
  ready: "Imported",
  error: "Import failed",
};

/** The files of a project: what became of each, and what can be done with it. */
export function Sources({ projectId, editable = true }: { projectId: string; editable?: boolean }) {
  const sources = useSources(projectId);
  if (sources.isError) return <Trouble error={sources.error} again={() => void sources.refetch()} />;
  if (!sources.data) {
    return (
      <div role="status" aria-label="Files are loading" className="grid gap-px">
        {[0, 1, 2].map((n) => (
          <Skeleton key={n} className="h-16" />
        ))}
      </div>
    );
  }
  if (sources.data.length === 0) {
    return (
      <Empty icon={FileUp} title="No file yet" action={editable && <AddData projectId={projectId} />}>
        Drop CSV, Excel or Parquet files anywhere on the page, or paste a table.
      </Empty>
    );
  }
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
      {sources.data.map((source) => (
        <Row key={source.id} projectId={projectId} source={source} editable={editable} />
      ))}
    </ul>
  );
}

function Row({ projectId, source, editable }: { projectId: string; source: Source; editable: boolean }) {
  const remove = useDeleteSource(projectId);
  const Icon = ICONS[source.type];
  const { flag, msg } = source.status;
  return (
    <li className="flex min-h-16 items-center gap-3 px-4 py-2.5">
      <Icon aria-hidden className="size-5 shrink-0 text-soft" strokeWidth={1.6} />
      <div className="min-w-0 flex-1">
        <Link href={previewAddress(projectId, source.id)} prefetch={false} className="block truncate font-medium hover:underline">
          {source.name}
        </Link>
        <p className="text-xs text-soft">
          {bytes(source.size_bytes)} · {sinceWhen(source.created_at)} ·{" "}
          <span className={cn(flag === "error" && "text-bad", flag === "ready" && "text-good")}>{STATES[flag]}</span>
          {flag === "error" && msg !== "" && <span>: {msg}</span>}
        </p>
      </div>
      {editable && (
        <Menu
          trigger={
            <IconButton label={`More for ${source.name}`}>
              <Ellipsis aria-hidden className="size-4" />
            </IconButton>
          }
        >
          <MenuItem danger icon={<Trash2 aria-hidden className="size-4" />} onSelect={() => remove(source)}>
            Delete
          </MenuItem>
        </Menu>
      )}
    </li>
  );
}
