"use client";

import { useRouter } from "next/navigation";
import { lazy, Suspense } from "react";
import { Dialog } from "@/components/ui/dialog";
import { Receipt } from "@/features/imports";
import { NamingDialog, type Project } from "@/features/projects";
import { useChangeSheet, useCreateDataset, useRenameDataset, type Dataset, type Sheet } from "@/features/sheets";
import { renamedAddress, sheetAddress } from "./address";
import { askNoMore, useAsked } from "./ask";
import { DeletedDialog } from "./deleted-dialog";
import { MoveDialog } from "./move-dialog";

const Versions = lazy(() => import("@/features/artifacts").then((file) => ({ default: file.Versions })));

/** Stands once in the data screen; `askFor` opens them from anywhere in it. */
export function DataDialogs({ project }: { project: Project }) {
  const ask = useAsked((s) => s.ask);
  switch (ask?.what) {
    case undefined:
      return null;
    case "rename-sheet":
      return <RenameSheet sheet={ask.sheet} />;
    case "rename-dataset":
      return <RenameDataset dataset={ask.dataset} />;
    case "new-dataset":
      return <NewDataset projectId={project.id} />;
    case "move-sheet":
      return <MoveDialog sheet={ask.sheet} onClose={askNoMore} />;
    case "versions":
      return <VersionsDialog sheet={ask.sheet} />;
    case "receipt":
      return (
        <Dialog open onClose={askNoMore} title="How it was read" description={ask.sheet.name} className="max-w-2xl!">
          <Receipt projectId={project.id} sheetId={ask.sheet.id} />
        </Dialog>
      );
    case "deleted":
      return <DeletedDialog project={project} onClose={askNoMore} />;
  }
}

function RenameSheet({ sheet }: { sheet: Sheet }) {
  const router = useRouter();
  const change = useChangeSheet(sheet);
  const rename = async (name: string) => {
    const now = await change.mutateAsync({ name });
    const address = renamedAddress(location.search, sheet.address, now.address);
    if (address !== null) router.replace(address, { scroll: false });
  };
  return <NamingDialog title="Rename the sheet" action="Rename" name={sheet.name} onClose={askNoMore} onName={rename} />;
}

function RenameDataset({ dataset }: { dataset: Dataset }) {
  const router = useRouter();
  const rename = useRenameDataset(dataset);
  const onName = async (name: string) => {
    const now = await rename.mutateAsync(name);
    const open = new URLSearchParams(location.search).get("s") ?? "";
    const [, sheet] = open.split(".");
    if (!open.startsWith(`${dataset.name_python}.`) || sheet === undefined) return;
    const address = renamedAddress(location.search, open, `${now.name_python}.${sheet}`);
    if (address !== null) router.replace(address, { scroll: false });
  };
  return <NamingDialog title="Rename the dataset" action="Rename" name={dataset.name} onClose={askNoMore} onName={onName} />;
}

function NewDataset({ projectId }: { projectId: string }) {
  const create = useCreateDataset(projectId);
  return <NamingDialog title="New dataset" action="Make it" placeholder="Sales" onClose={askNoMore} onName={(name) => create.mutateAsync(name)} />;
}

function VersionsDialog({ sheet }: { sheet: Sheet }) {
  const router = useRouter();
  const looked = Number(new URLSearchParams(location.search).get("n")) || sheet.version;
  const look = (version: number | undefined) => {
    router.push(sheetAddress(sheet.project_id, sheet.address, version), { scroll: false });
    askNoMore();
  };
  return (
    <Dialog open onClose={askNoMore} title="Versions" description={`${sheet.name}. None is ever lost.`} className="max-w-2xl!">
      <Suspense>
        <Versions
          sheet={sheet}
          looked={looked}
          onLook={(version) => look(version === sheet.version ? undefined : version)}
          onCurrent={() => look(undefined)}
        />
      </Suspense>
    </Dialog>
  );
}
