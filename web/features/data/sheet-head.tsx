"use client";

import { ArrowLeft, History } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { may, projectAddress, type Project } from "@/features/projects";
import { useDatasets, useGoTo, type Sheet } from "@/features/sheets";
import { saying } from "@/lib/problem";
import { sheetAddress } from "./address";
import { askFor } from "./ask";
import { ItemMenu } from "./item-menu";

interface SheetHeadProps {
  project: Project;
  /** `dataset.Sheet`, as the address has it. */
  name: string;
  /** Not known while the list of sheets is on its way, and where it is not there. */
  sheet: Sheet | undefined;
  version: number | undefined;
}

/** Above a sheet: its name, its versions, what can be done with it. */
export function SheetHead({ project, name, sheet, version }: SheetHeadProps) {
  const datasets = useDatasets(project.id);
  const dataset = datasets.data?.find((one) => one.id === sheet?.dataset_id);
  const [inDataset, rest] = name.split(".", 2);
  return (
    <>
      <header className="flex min-h-14 items-center gap-1 border-b border-line py-2 pr-2 pl-3">
        <Link
          href={projectAddress("data", project.id)}
          prefetch={false}
          aria-label="All sheets"
          className="-ml-1.5 grid size-9 shrink-0 place-items-center rounded-md text-soft hover:bg-hover md:hidden"
        >
          <ArrowLeft aria-hidden className="size-4" />
        </Link>
        <div className="min-w-0 flex-1">
          <h1 className="display truncate text-lg leading-6">{sheet?.name ?? rest ?? name}</h1>
          <p className="truncate text-xs text-soft">
            {dataset?.name ?? inDataset}
            <span className="max-sm:hidden">
              {" "}
              · in SQL <code>{sheet?.address ?? name}</code>
            </span>
          </p>
        </div>
        {sheet && (
          <>
            <Button look="quiet" className="px-2.5!" title="Versions" onClick={() => askFor({ what: "versions", sheet })}>
              <History aria-hidden className="size-4" />
              <span className="max-sm:sr-only">Version</span> {version ?? sheet.version}
            </Button>
            <ItemMenu item={{ kind: "sheet", sheet }} editable={may(project, "editor")} />
          </>
        )}
      </header>
      {sheet && version !== undefined && version !== sheet.version && <Older project={project} sheet={sheet} version={version} />}
    </>
  );
}

/** Says that it is not the current version that is looked at. */
function Older({ project, sheet, version }: { project: Project; sheet: Sheet; version: number }) {
  const router = useRouter();
  const goTo = useGoTo(sheet.id);
  const current = sheetAddress(project.id, sheet.address);
  return (
    <div role="note" className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-tint py-1.5 pr-2 pl-3 text-sm">
      <p className="min-w-0 flex-1">
        This is version {version}; version {sheet.version} is the current one.
      </p>
      <span className="flex">
        <Button look="quiet" onClick={() => router.push(current, { scroll: false })}>
          See the current one
        </Button>
        {may(project, "editor") && (
          <Button
            look="quiet"
            busy={goTo.isPending}
            onClick={() =>
              goTo.mutate(version, {
                onSuccess: () => {
                  router.replace(current, { scroll: false });
                  toast.success(`Version ${version} is the current one.`);
                },
                onError: (error) => toast.error(saying(error)),
              })
            }
          >
            Go back to this one
          </Button>
        )}
      </span>
    </div>
  );
}
