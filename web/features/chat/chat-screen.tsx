"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { projectAddress, useProject } from "@/features/projects";
import { ChatPane } from "./chat-pane";

/** A chat of the project, or the beginning of a new one; `&a=` names what is open beside it. */
export function ChatScreen() {
  const project = useProject();
  const router = useRouter();
  const query = useSearchParams();
  const chatId = query.get("c");
  const open = (sheetId: string | null) =>
    router.push(
      projectAddress("chat", project.id, { ...(chatId && { c: chatId }), ...(sheetId && { a: sheetId }) }),
      { scroll: false },
    );
  return (
    <div className="h-full">
      <ChatPane project={project} chatId={chatId} openArtifact={open} />
    </div>
  );
}
