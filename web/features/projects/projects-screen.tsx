"use client";

import { Plus, Sprout } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Screen } from "@/components/ui/screen";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { ProjectCard } from "./project-card";
import { askForNewProject } from "./project-dialogs";
import { useProjects } from "./queries";

export function ProjectsScreen() {
  const projects = useProjects();
  return (
    <Screen
      title="Projects"
      lead="Each holds its own data, chats and people."
      actions={
        <Button look="primary" onClick={askForNewProject}>
          <Plus aria-hidden className="size-4" />
          New project
        </Button>
      }
    >
      {projects.isPending && <Waiting />}
      {projects.isError && <Trouble error={projects.error} again={() => void projects.refetch()} />}
      {projects.data?.length === 0 && <NoProjects />}
      {projects.data && projects.data.length > 0 && (
        <ul className="grid gap-4 sm:grid-cols-2">
          {projects.data.map((project) => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </ul>
      )}
    </Screen>
  );
}

function NoProjects() {
  return (
    <Empty
      icon={Sprout}
      title="Start with a question"
      action={
        <Button look="primary" onClick={askForNewProject}>
          Make your first project
        </Button>
      }
    >
      <p>What would you like to know? Make a project for it:</p>
      <ol className="mx-auto mt-4 grid w-fit gap-2 text-left">
        {["Name it after what you want to know.", "Drop in CSV, Excel or Parquet files.", "Ask in plain words."].map(
          (step, at) => (
            <li key={step} className="flex gap-3">
              <span className="display text-accent">{at + 1}</span>
              {step}
            </li>
          ),
        )}
      </ol>
    </Empty>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Projects are loading" className="grid gap-4 sm:grid-cols-2">
      {[0, 1, 2, 3].map((n) => (
        <Skeleton key={n} className="h-[7.5rem] rounded-xl" />
      ))}
    </div>
  );
}
