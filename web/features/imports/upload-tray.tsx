"use client";

import { useQueryClient } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { secondsLeft, underWay, type Upload } from "./upload-state";
import { UploadRow } from "./upload-row";
import { uploads as page, useUploads } from "./uploads";
import { useElsewhere, WatchedRow, Watchers } from "./watched";
import { duration, many } from "@/lib/words";

/** Stands once below every screen while files are brought; nothing where there are none. */
export function UploadTray() {
  const all = useUploads((s) => s.uploads);
  const uploads = useMemo(() => all.filter((upload) => !upload.aside), [all]);
  const elsewhere = useElsewhere();
  useFreshSources(uploads);
  return (
    <>
      <Watchers />
      {uploads.length + elsewhere.length > 0 && <Tray uploads={uploads} imports={elsewhere} />}
    </>
  );
}

/** Lists of files learn of each that has come. */
function useFreshSources(uploads: readonly Upload[]): void {
  const queries = useQueryClient();
  const done = uploads.filter((u) => u.status === "done").length;
  useEffect(() => {
    if (done > 0) void queries.invalidateQueries({ queryKey: ["sources"] });
  }, [done, queries]);
}

interface TrayProps {
  uploads: readonly Upload[];
  imports: ReturnType<typeof useElsewhere>;
}

function Tray({ uploads, imports }: TrayProps) {
  const [open, setOpen] = useState(true);
  const going = underWay(uploads);
  return (
    <section aria-label="Uploads" className="border-t border-line bg-panel md:col-start-2">
      <div className="flex items-center gap-3 py-1 pr-2 pl-4">
        <p className="min-w-0 flex-1 truncate text-sm">{headline(uploads, imports.length)}</p>
        <IconButton label={open ? "Show less" : "Show each"} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? <ChevronDown aria-hidden className="size-4" /> : <ChevronUp aria-hidden className="size-4" />}
        </IconButton>
        {going.length === 0 && uploads.length > 0 && (
          <IconButton label="Close the list of uploads" onClick={() => uploads.forEach((u) => page.dismiss(u.id))}>
            <X aria-hidden className="size-4" />
          </IconButton>
        )}
      </div>
      {open && (
        <ul className="grid max-h-[30dvh] overflow-y-auto border-t border-line pb-2">
          {imports.map((watched) => (
            <WatchedRow key={watched.jobId} watched={watched} />
          ))}
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
        </ul>
      )}
    </section>
  );
}

function headline(uploads: readonly Upload[], imports: number): string {
  const going = underWay(uploads);
  const sending = going.filter((u) => u.status !== "left");
  if (sending.length > 0) {
    const size = sending.reduce((sum, u) => sum + u.size, 0);
    const sent = sending.reduce((sum, u) => sum + u.sent, 0);
    const left = Math.max(...sending.map((u) => secondsLeft(u) ?? 0));
    const share = `${size > 0 ? Math.floor((sent / size) * 100) : 0} %`;
    return `Uploading ${many(sending.length, "file")} · ${share}${left > 0 ? ` · ${duration(left)} left` : ""}`;
  }
  if (going.length > 0) return `${many(going.length, "upload")} to go on with`;
  if (imports > 0) return `${many(imports, "import")} under way`;
  const failed = uploads.filter((u) => u.status === "failed").length;
  const done = uploads.length - failed;
  return [done > 0 && `${many(done, "file")} ready`, failed > 0 && `${failed} failed`].filter(Boolean).join(", ");
}
