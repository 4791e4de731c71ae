"use client";

import { useSearchParams } from "next/navigation";
import { DataScreen } from "@/features/data";
import { FilesScreen, ImportScreen } from "@/features/imports";
import { ProjectGate, useProject } from "@/features/projects";

export default function Page() {
  return (
    <ProjectGate>
      <Shown />
    </ProjectGate>
  );
}

function Shown() {
  const project = useProject();
  const asked = useSearchParams();
  const source = asked.get("source");
  if (source !== null) return <ImportScreen key={source} projectId={project.id} sourceId={source} />;
  return asked.has("files") ? <FilesScreen /> : <DataScreen />;
}
