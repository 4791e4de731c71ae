"use client";

import { FileQuestion } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { Empty } from "@/components/ui/empty";
import { projectAddress, useProject } from "@/features/projects";
import { ArtifactPanel } from "./panel-door";

/** A result on a page of its own: `&a=` names the sheet, `&n=` a version of it. */
export function ArtifactScreen() {
  const project = useProject();
  const router = useRouter();
  const query = useSearchParams();
  const sheetId = query.get("a");
  const version = Number(query.get("n")) || null;
  const leave = (): void => {
    if (history.length > 1) router.back();
    else router.push(projectAddress("data", project.id));
  };
  return (
    <div className="h-full">
      <title>Result · OryxForge</title>
      <h1 className="sr-only">Result</h1>
      {sheetId === null ? (
        <Empty icon={FileQuestion} title="No result is named">
          The link is cut off. Open the result from its chat, or from the data screen.
        </Empty>
      ) : (
        <ArtifactPanel key={`${sheetId}:${version}`} projectId={project.id} sheetId={sheetId} onClose={leave} {...(version && { version })} />
      )}
    </div>
  );
}
