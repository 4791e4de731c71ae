"use client";

import { ChartColumn, Table2 } from "lucide-react";
import Link from "next/link";
import { lazy, Suspense } from "react";
import { cn } from "@/components/ui/cn";
import { Empty } from "@/components/ui/empty";
import { SheetGrid } from "@/features/grid";
import { AddData } from "@/features/imports";
import { may, projectAddress, useProject, type Project } from "@/features/projects";
import { addressOfSheet, useSheets } from "@/features/sheets";
import { useDataAddress } from "./address";
import { useAsked } from "./ask";
import { SheetHead } from "./sheet-head";
import { SheetTree } from "./sheet-tree";
import { useDataCommands } from "./use-data-commands";

const DataDialogs = lazy(() => import("./data-dialogs").then((file) => ({ default: file.DataDialogs })));

/** The project's sheets, and one of them in the grid. */
export function DataScreen() {
  const project = useProject();
  const address = useDataAddress();
  const sheets = useSheets(project.id);
  const sheet = sheets.data?.find((one) => one.address.toLowerCase() === address.sheet?.toLowerCase());
  useDataCommands(project, sheet);
  const hasSheet = address.sheet !== null;
  const asked = useAsked((s) => s.ask !== null);
  return (
    <div className="grid h-full min-h-0 md:grid-cols-[17rem_minmax(0,1fr)]">
      <title>{`${sheet?.name ?? address.sheet ?? "Data"} · OryxForge`}</title>
      <section aria-label="Sheets" className={cn("min-h-0 flex-col border-line md:flex md:border-r", hasSheet ? "hidden" : "flex")}>
        <SheetTree project={project} open={address.sheet} />
      </section>
      <section aria-label="Rows" className={cn("min-h-0 min-w-0 flex-col md:flex", hasSheet ? "flex" : "hidden")}>
        {address.sheet === null ? (
          <NoneChosen project={project} hasSome={(sheets.data?.length ?? 0) > 0} />
        ) : (
          <>
            <SheetHead project={project} name={address.sheet} sheet={sheet} version={address.version} />
            {sheet && sheet.type !== "table" ? (
              <Empty
                icon={ChartColumn}
                title={`This is a ${sheet.type}`}
                action={
                  <Link href={addressOfSheet(project.id, sheet)} prefetch={false} className="link">
                    Open it
                  </Link>
                }
              >
                It has no rows; it is looked at on a page of its own.
              </Empty>
            ) : (
              <SheetGrid
                projectId={project.id}
                name={address.sheet}
                view={address.view}
                onView={address.setView}
                {...(address.version === undefined ? {} : { version: address.version })}
              />
            )}
          </>
        )}
      </section>
      {asked && (
        <Suspense>
          <DataDialogs project={project} />
        </Suspense>
      )}
    </div>
  );
}

function NoneChosen({ project, hasSome }: { project: Project; hasSome: boolean }) {
  return (
    <Empty
      icon={Table2}
      title={hasSome ? "Choose a sheet" : "No sheet yet"}
      action={
        <span className="flex flex-wrap items-center justify-center gap-4">
          {may(project, "editor") && <AddData projectId={project.id} />}
          <Link href={projectAddress("data", project.id, { files: "1" })} prefetch={false} className="link text-sm">
            Files
          </Link>
        </span>
      }
    >
      {hasSome ? "Its rows will stand here." : "Drop a CSV, Excel or Parquet file anywhere, or paste a table."}
    </Empty>
  );
}
