"use client";

import { Pause, Play, RotateCcw, X } from "lucide-react";
import Link from "next/link";
import { toast } from "sonner";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { chooseFiles, previewAddress, useBring } from "./bring";
import { isSameFile, secondsLeft, speedOf, type Upload } from "./upload-state";
import { uploads } from "./uploads";
import { bytes, duration } from "@/lib/words";

/** One upload: how far it is, how it goes on, and what can be done about it. */
export function UploadRow({ upload }: { upload: Upload }) {
  const bad = upload.status === "failed";
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2">
      <p className="truncate text-sm font-medium" title={upload.name}>
        {upload.name}
      </p>
      <Controls upload={upload} />
      <div className="col-span-2 grid gap-1">
        {upload.status !== "done" && !bad && <Bar value={upload.sent} max={upload.size} label={upload.name} />}
        <p className={cn("text-xs", bad ? "text-bad" : "text-soft")}>{wordsOf(upload)}</p>
      </div>
    </li>
  );
}

export function Bar({ value, max, label }: { value: number; max: number; label: string }) {
  const share = max > 0 ? Math.min(100, (value / max) * 100) : 100;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.floor(share)}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1.5 overflow-hidden rounded-full bg-hover"
    >
      <div className="h-full rounded-full bg-accent transition-[width] duration-300" style={{ width: `${share}%` }} />
    </div>
  );
}

function Controls({ upload }: { upload: Upload }) {
  const { id, name, status } = upload;
  const bring = useBring();
  const icon = "size-4";
  return (
    <div className="flex items-center">
      {status === "done" && upload.source && (
        <Link href={previewAddress(upload.projectId, upload.source.id)} prefetch={false} className="link px-2 text-sm">
          Look and import
        </Link>
      )}
      {(status === "sending" || status === "offline" || status === "waiting") && (
        <IconButton label={`Pause ${name}`} onClick={() => uploads.pause(id)}>
          <Pause aria-hidden className={icon} />
        </IconButton>
      )}
      {status === "paused" && (
        <IconButton label={`Go on with ${name}`} onClick={() => uploads.resume(id)}>
          <Play aria-hidden className={icon} />
        </IconButton>
      )}
      {status === "failed" && (
        <IconButton label={`Try ${name} again`} onClick={() => uploads.resume(id)}>
          <RotateCcw aria-hidden className={icon} />
        </IconButton>
      )}
      {status === "left" && (
        <button type="button" className="link px-2 text-sm" onClick={() => chooseAgain(upload, bring)}>
          Choose the file
        </button>
      )}
      {status === "done" || status === "failed" ? (
        <IconButton label={`Take ${name} off the list`} onClick={() => uploads.dismiss(id)}>
          <X aria-hidden className={icon} />
        </IconButton>
      ) : (
        <IconButton label={`Cancel ${name}`} onClick={() => void uploads.cancel(id)}>
          <X aria-hidden className={icon} />
        </IconButton>
      )}
    </div>
  );
}

function chooseAgain(upload: Upload, bring: ReturnType<typeof useBring>): void {
  chooseFiles(([file]) => {
    if (!file) return;
    if (isSameFile(upload, file)) bring(upload.projectId, [file]);
    else toast.error(anotherFile(upload, file));
  }, false);
}

function anotherFile(upload: Upload, file: File): string {
  if (file.name !== upload.name || file.size !== upload.size) {
    return `${file.name} (${bytes(file.size)}) is another file. Choose ${upload.name} of ${bytes(upload.size)}.`;
  }
  return `${file.name} has changed since. Cancel the old upload and bring the file anew.`;
}

function wordsOf(upload: Upload): string {
  const share = `${bytes(upload.sent)} of ${bytes(upload.size)}`;
  switch (upload.status) {
    case "waiting":
      return `Waits for its turn · ${bytes(upload.size)}`;
    case "sending":
      return upload.sent >= upload.size ? "All there. The server looks into it …" : [share, pace(upload)].filter(Boolean).join(" · ");
    case "paused":
      return `Paused · ${share}`;
    case "offline":
      return `${upload.problem ?? ""} ${share} is there.`;
    case "left":
      return `${share} is there. The page was reloaded: choose the file again, and it goes on from there.`;
    case "done":
      return `Ready · ${bytes(upload.size)}`;
    case "failed":
      return upload.problem ?? "It failed.";
  }
}

function pace(upload: Upload): string {
  const speed = speedOf(upload);
  const left = secondsLeft(upload);
  return speed === null || left === null ? "" : `${bytes(Math.round(speed))}/s · ${duration(left)} left`;
}
