"use client";

import { LoaderCircle, TriangleAlert, X } from "lucide-react";
import Link from "next/link";
import { IconButton } from "@/components/ui/button";
import { useUpload } from "@/features/imports";
import { projectAddress } from "@/features/projects";
import { drop, useAttachments, type Attachment } from "./attach";

/** Files that are on their way into the question. */
export function Attachments({ place }: { place: string }) {
  const mine = useAttachments((s) => s.all).filter((one) => one.place === place);
  if (mine.length === 0) return null;
  return (
    <ul aria-label="Attached files" className="flex flex-wrap gap-2 px-3 pt-3">
      {mine.map((one) => (
        <Chip key={one.id} attachment={one} />
      ))}
    </ul>
  );
}

function Chip({ attachment }: { attachment: Attachment }) {
  const { id, name, status, said, projectId, sourceId } = attachment;
  const failed = status === "failed";
  const upload = useUpload(attachment.uploadId);
  return (
    <li className="flex min-h-9 max-w-full items-center gap-2 rounded-lg border border-line bg-panel pl-3 text-sm">
      {failed ? (
        <TriangleAlert aria-hidden className="size-4 shrink-0 text-bad" />
      ) : (
        <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-accent" />
      )}
      <span className="min-w-0 py-1.5 pr-3">
        <span className="font-medium break-all">{name}</span>{" "}
        <span className="text-soft">{failed ? said : status === "uploading" ? uploading(upload) : "is being imported"}</span>{" "}
        {failed && sourceId !== null && (
          <Link href={projectAddress("data", projectId, { source: sourceId })} prefetch={false} className="link whitespace-nowrap">
            See how it is read
          </Link>
        )}
      </span>
      {status !== "importing" && (
        <IconButton label={`Take ${name} away`} onClick={() => drop(id)}>
          <X aria-hidden className="size-4" />
        </IconButton>
      )}
    </li>
  );
}

function uploading(upload: ReturnType<typeof useUpload>): string {
  if (!upload || upload.size === 0) return "is being uploaded";
  const share = `${Math.floor((upload.sent / upload.size) * 100)} %`;
  return upload.status === "offline" ? `waits for a connection, ${share} is there` : `is being uploaded, ${share}`;
}
