"use client";

import { Screen } from "@/components/ui/screen";
import { may, useProject } from "@/features/projects";
import { AddData } from "./add-data";
import { useSources } from "./queries";
import { Sources } from "./sources";

/** All files of the project. */
export function FilesScreen() {
  const project = useProject();
  const editable = may(project, "editor");
  const { data: sources } = useSources(project.id);
  // Where there is none, the middle of the screen offers it.
  const some = sources !== undefined && sources.length > 0;
  return (
    <Screen title="Files" lead="What was brought in, before and after it was imported." actions={editable && some && <AddData projectId={project.id} />}>
      <Sources projectId={project.id} editable={editable} />
    </Screen>
  );
}
