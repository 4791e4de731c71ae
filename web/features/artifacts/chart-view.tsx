"use client";

import { SlidersHorizontal } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Chart } from "./chart";
import { Failed } from "./failed";
import { figureOf, titleText, type Figure } from "./figure";
import { LookEditor } from "./look-editor";
import { useDocument, type Sheet } from "./queries";
import { useMay } from "./use-may";

const HEIGHT = "h-72 sm:h-[clamp(20rem,52dvh,54rem)]";

/** A version of a chart, with its title and kind to change. */
export function ChartView({ sheet, version }: { sheet: Sheet; version: number }) {
  const document = useDocument(sheet, version);
  const figure = useMemo(() => figureOf(document.data), [document.data]);
  const [look, setLook] = useState<Figure | null>(null);
  const changeable = useMay(sheet.project_id) && version === sheet.version && figure !== null;
  if (document.isPending) return <Skeleton className={`m-4 ${HEIGHT}`} />;
  if (document.isError) return <Failed error={document.error} again={() => void document.refetch()} />;
  const shown = look ?? figure;
  const title = (shown && titleText(shown.layout)) || sheet.name;
  return (
    <div className="p-4">
      <div className="mb-3 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="display min-w-0 flex-1 text-lg break-words">{title}</h3>
        {changeable && look === null && (
          <Button look="quiet" onClick={() => setLook(figure)}>
            <SlidersHorizontal aria-hidden className="size-4" />
            Change look
          </Button>
        )}
      </div>
      {look !== null && figure !== null && (
        <LookEditor sheet={sheet} before={figure} look={look} onLook={setLook} onDone={() => setLook(null)} />
      )}
      <Chart figure={shown ?? document.data} title={title} className={HEIGHT} />
    </div>
  );
}
