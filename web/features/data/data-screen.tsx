"use client";

import { ArrowLeft, Table2 } from "lucide-react";
import Link from "next/link";
import { cn } from "@/components/ui/cn";
import { Empty } from "@/components/ui/empty";
import { SheetGrid } from "@/features/grid";
import { AddData } from "@/features/imports";
import { may, projectAddress, useProject } from "@/features/projects";
import { useDataAddress } from "./address";
import { SheetTree } from "./sheet-tree";

/** The project's sheets, and one of them in the grid. */
export function DataScreen() {
  const project = useProject();
  const address = useDataAddress(project.id);
  const hasSheet = address.sheet !== null;
  return (
    <div className="grid h-full min-h-0 md:grid-cols-[17rem_minmax(0,1fr)]">
      <title>{`${address.sheet ?? "Data"} · OryxForge`}</title>
      <section aria-label="Sheets" className={cn("min-h-0 flex-col border-line md:flex md:border-r", hasSheet ? "hidden" : "flex")}>
        <SheetTree project={project} open={address.sheet} />
      </section>
      <section aria-label="Rows" className={cn("min-h-0 flex-col md:flex", hasSheet ? "flex" : "hidden")}>
        {address.sheet === null ? (
          <Empty
            icon={Table2}
            title="Choose a sheet"
            action={
              <span className="flex flex-wrap items-center justify-center gap-4">
                {may(project, "editor") && <AddData projectId={project.id} />}
                <Link href={projectAddress("data", project.id, { files: "1" })} prefetch={false} className="link text-sm">
                  Files
                </Link>
              </span>
            }
          >
            Its rows will stand here.
          </Empty>
        ) : (
          <>
            <header className="flex items-center gap-2 border-b border-line px-3 py-2">
              <Link
                href={projectAddress("data", project.id)}
                prefetch={false}
                aria-label="All sheets"
                className="grid size-9 place-items-center rounded-md text-soft hover:bg-hover md:hidden"
              >
                <ArrowLeft aria-hidden className="size-4" />
              </Link>
              <h1 className="display min-w-0 truncate text-lg">{address.sheet}</h1>
            </header>
            <SheetGrid
              projectId={project.id}
              name={address.sheet}
              view={address.view}
              onView={address.setView}
              {...(address.version === undefined ? {} : { version: address.version })}
            />
          </>
        )}
      </section>
    </div>
  );
}
