"use client";

import { FolderSearch, Sprout } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { createContext, useContext, useEffect, type ReactNode } from "react";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { chosenProject, useLastProject } from "./current";
import { useProjects, type Project } from "./queries";

const Context = createContext<Project | null>(null);

/** The project that the screen is about; only below ProjectGate. */
export function useProject(): Project {
  const project = useContext(Context);
  if (project === null) throw new Error("useProject is for what ProjectGate shows.");
  return project;
}

/** The project that is open anywhere on the page, or undefined. */
export function useCurrentProject(): Project | undefined {
  const asked = useSearchParams().get("p");
  const last = useLastProject((s) => s.id);
  const { data } = useProjects();
  return data && chosenProject(data, asked, last);
}

/** Shows a project's screen once the project is known, and says what is the matter where there is none. */
export function ProjectGate({ children }: { children: ReactNode }) {
  const projects = useProjects();
  const project = useCurrentProject();
  useEffect(() => {
    if (project) useLastProject.setState({ id: project.id });
  }, [project]);

  if (project) return <Context value={project}>{children}</Context>;
  if (projects.isPending) return <ScreenSkeleton />;
  if (projects.isError) {
    return (
      <div className="mx-auto max-w-md p-8">
        <Trouble error={projects.error} again={() => void projects.refetch()} />
      </div>
    );
  }
  const none = projects.data.length === 0;
  return (
    <Empty
      screen
      icon={none ? Sprout : FolderSearch}
      title={none ? "No project yet" : "This project is not here"}
      action={
        <Link href="/" prefetch={false} className="link">
          {none ? "Make your first project" : "See your projects"}
        </Link>
      }
    >
      {none
        ? "Data, chats and workflows live in a project."
        : "It was deleted, or nobody has shared it with you. The link may also be cut off."}
    </Empty>
  );
}

function ScreenSkeleton() {
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-8 sm:px-8 sm:py-12">
      <Skeleton className="mb-8 h-10 w-56" />
      <Skeleton className="h-64" />
    </div>
  );
}
