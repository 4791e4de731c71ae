"use client";

import { ArrowLeft, FileSearch } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { projectAddress } from "@/features/projects";
import { isRecord } from "@/lib/problem";
import { NOTHING_CHOSEN, type Choices } from "./choices";
import { ImportForm } from "./import-form";
import { ImportProgress } from "./import-progress";
import { useSheet, useSources } from "./queries";
import { choicesOf } from "./receipt-words";
import type { Source } from "./upload-state";
import { uploads } from "./uploads";
import { watchImport } from "./watched";
import { bytes } from "@/lib/words";

const KINDS = { csv: "Text table", excel: "Excel workbook", parquet: "Parquet" } as const;

interface ImportScreenProps {
  projectId: string;
  sourceId: string;
}

/** A file that was brought: looked into, imported, and what came of it. */
export function ImportScreen({ projectId, sourceId }: ImportScreenProps) {
  const sources = useSources(projectId);
  // Its row in the tray has led here, and has nothing more to say.
  useEffect(() => uploads.seen(sourceId), [sourceId]);
  const source = sources.data?.find((s) => s.id === sourceId);
  return (
    <div className="mx-auto grid w-full max-w-[100rem] gap-6 px-4 py-6 sm:px-8 sm:py-8">
      <title>{`${source?.name ?? "A file"} · OryxForge`}</title>
      <header className="grid gap-1">
        <Link
          href={projectAddress("data", projectId)}
          prefetch={false}
          className="flex w-fit min-h-9 items-center gap-1.5 text-sm text-soft hover:text-ink"
        >
          <ArrowLeft aria-hidden className="size-4" />
          Data
        </Link>
        <h1 className="display text-3xl break-words">{source?.name ?? "A file"}</h1>
        <p className="text-soft">{source ? `${KINDS[source.type]}, ${bytes(source.size_bytes)}` : "\u00a0"}</p>
      </header>
      {(sources.isPending || (!source && sources.isFetching)) && <Skeleton className="h-[60dvh] rounded-xl" />}
      {sources.isError && <Trouble error={sources.error} again={() => void sources.refetch()} />}
      {sources.data && !source && !sources.isFetching && (
        <Empty icon={FileSearch} title="This file is not here">
          It was deleted, or it belongs to another project. Bring it again to import it.
        </Empty>
      )}
      {source && <Phases projectId={projectId} source={source} />}
    </div>
  );
}

function Phases({ projectId, source }: { projectId: string; source: Source }) {
  const router = useRouter();
  const asked = useSearchParams();
  const job = asked.get("job");
  const again = asked.get("again");
  const before = useSheet(again);
  const at = (more: Readonly<Record<string, string>>) =>
    router.push(projectAddress("data", projectId, { source: source.id, ...(again ? { again } : {}), ...more }));
  if (job !== null) return <ImportProgress projectId={projectId} jobId={job} onBack={() => at({})} />;
  if (again !== null && before.isPending) return <Skeleton className="h-[60dvh] rounded-xl" />;
  return (
    <ImportForm
      key={source.id}
      projectId={projectId}
      source={source}
      from={choicesBefore(before.data)}
      onStarted={(started) => {
        watchImport({ jobId: started.id, projectId, sourceId: source.id, name: source.name });
        at({ job: started.id });
      }}
    />
  );
}

function choicesBefore(sheet: ReturnType<typeof useSheet>["data"]): Choices {
  const receipt = sheet?.metadata["receipt"];
  return sheet && isRecord(receipt) ? choicesOf(receipt, sheet.name, sheet.dataset_id) : NOTHING_CHOSEN;
}
