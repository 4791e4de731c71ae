"use client";

import { lazy, Suspense, type ComponentProps } from "react";
import { Skeleton } from "@/components/ui/skeleton";

const Panel = lazy(() => import("./artifact-panel").then((loaded) => ({ default: loaded.ArtifactPanel })));

/** A table, chart or report beside the chat; its code is fetched when the first one is opened. */
export function ArtifactPanel(props: ComponentProps<typeof Panel>) {
  return (
    <Suspense fallback={<Skeleton className="m-4 h-80" />}>
      <Panel {...props} />
    </Suspense>
  );
}
