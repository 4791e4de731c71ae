"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { projectAddress, useProject } from "@/features/projects";
import { ArtifactSide } from "./artifact-side";
import { ChatPane } from "./chat-pane";

/** A chat of the project, or the beginning of a new one; `&a=` names what is open beside it. */
export function ChatScreen() {
  const project = useProject();
  const router = useRouter();
  const query = useSearchParams();
  const chatId = query.get("c");
  const open = useCallback(
    (sheetId: string | null) => {
      const more = { ...(chatId && { c: chatId }), ...(sheetId && { a: sheetId }) };
      router.push(projectAddress("chat", project.id, more), { scroll: false });
    },
    [router, project.id, chatId],
  );
  return (
    <ArtifactSide projectId={project.id} sheetId={query.get("a")} onClose={() => open(null)}>
      <ChatPane project={project} chatId={chatId} openArtifact={open} />
    </ArtifactSide>
  );
}
