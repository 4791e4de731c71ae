"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Screen } from "@/components/ui/screen";
import { longDate } from "@/lib/dates";
import { may } from "./current";
import { Members } from "./members";
import { askForName } from "./project-dialogs";
import { useProject } from "./project-gate";
import { useDeleteProject } from "./queries";

/** One project: its name, its people, its end. */
export function ProjectScreen() {
  const project = useProject();
  const mine = may(project, "owner");
  return (
    <Screen
      title={project.name}
      lead={`Made on ${longDate(project.created_at)}`}
      actions={mine && <Button onClick={() => askForName(project)}>Rename</Button>}
    >
      <Members />
      {mine && <Ending />}
    </Screen>
  );
}

function Ending() {
  const router = useRouter();
  const project = useProject();
  const remove = useDeleteProject();
  return (
    <section aria-labelledby="ending" className="mt-12 border-t border-line pt-8">
      <h2 id="ending" className="display text-xl">
        Delete
      </h2>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-4">
        <p className="text-sm text-soft">The project goes with all its data, chats and workflows, for everybody.</p>
        <Button
          look="danger"
          onClick={() => {
            router.push("/");
            remove(project);
          }}
        >
          Delete the project
        </Button>
      </div>
    </section>
  );
}
