"use client";

import { Screen } from "@/components/ui/screen";
import { may, useProject } from "@/features/projects";
import { AddData } from "./add-data";
import { Sources } from "./sources";

/** All files of the project. */
export function FilesScreen() {
  const project = useProject();
  const editable = may(project, "editor");
  return (
    <Screen title="Files" lead="What was brought in, before and after it was imported." actions={editable && <AddData projectId={project.id} />}>
      <Sources projectId={project.id} editable={editable} />
    </Screen>
  );
}
