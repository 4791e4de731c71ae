import { cn } from "@/components/ui/cn";
import type { Chat } from "./queries";

/** Whether a chat is answering or failed; nothing where all is quiet. */
export function StatusDot({ status, className }: { status: Chat["status"]; className?: string }) {
  if (status !== "processing" && status !== "failed") return null;
  const busy = status === "processing";
  return (
    <span
      role="img"
      aria-label={busy ? "answering" : "failed"}
      title={busy ? "Answering" : "The last answer failed"}
      className={cn("size-2 shrink-0 rounded-full", busy ? "bg-accent motion-safe:animate-pulse" : "bg-bad", className)}
    />
  );
}
