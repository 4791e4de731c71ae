"use client";

import { ChartSpline, Download, Table2 } from "lucide-react";
import { useId, useMemo, useRef, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Menu, MenuItem } from "@/components/ui/menu";
import { saying } from "@/lib/problem";
import { tableOf } from "./chart-table";
import { drawable } from "./clean";
import { figureOf, nameOf, traceType, type Figure } from "./figure";
import { Plot } from "./plot";
import { download, type Picture } from "./plotly";
import { RowsTable } from "./rows-table";
import { useTokens } from "./use-tokens";

const MOST_ROWS = 500;

interface ChartProps {
  /** A Plotly figure as an agent or the API gave it; nothing in it is trusted. */
  figure: unknown;
  title: string;
  /** The height of the drawing, kept from the first moment. */
  className?: string;
}

/** A chart in the page's colours, with its values as a table for who would rather read them. */
export function Chart({ figure: raw, title, className = "h-80" }: ChartProps) {
  const figure = useMemo(() => figureOf(raw), [raw]);
  if (figure === null || figure.data.length === 0) {
    return <p className="p-4 text-sm text-soft">This chart holds nothing to draw.</p>;
  }
  return <Drawn figure={figure} title={title} className={className} />;
}

function Drawn({ figure, title, className }: { figure: Figure; title: string; className: string }) {
  const id = useId();
  const holder = useRef<HTMLDivElement>(null);
  const tokens = useTokens();
  const safe = useMemo(() => drawable(figure), [figure]);
  const [asTable, setAsTable] = useState(false);

  function save(format: Picture): void {
    if (holder.current === null || tokens === null) return;
    download(holder.current, { figure: safe, tokens, title, format }).catch((error: unknown) => toast.error(saying(error)));
  }

  return (
    <figure aria-labelledby={id} className="min-w-0">
      <figcaption id={id} className="sr-only">
        {title}
      </figcaption>
      <div ref={holder} className={cn("overflow-hidden", className)}>
        {asTable ? (
          <Values figure={figure} title={title} />
        ) : (
          <Plot figure={safe} tokens={tokens} label={summary(figure, title)} className="h-full" />
        )}
      </div>
      {safe.notes.map((note) => (
        <p key={note} className="mt-2 text-xs text-soft">
          {note}
        </p>
      ))}
      <div data-controls="" className="mt-1 flex flex-wrap justify-end gap-1 print:hidden">
        <Button look="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? <ChartSpline aria-hidden className="size-4" /> : <Table2 aria-hidden className="size-4" />}
          {asTable ? "Show as chart" : "Show as table"}
        </Button>
        <Menu
          trigger={
            <Button look="quiet" aria-label={`Download ${title}`}>
              <Download aria-hidden className="size-4" />
              Download
            </Button>
          }
        >
          <MenuItem onSelect={() => save("png")}>Picture (PNG)</MenuItem>
          <MenuItem onSelect={() => save("svg")}>Drawing (SVG)</MenuItem>
        </Menu>
      </div>
    </figure>
  );
}

function Values({ figure, title }: { figure: Figure; title: string }) {
  const { headers, data } = useMemo(() => tableOf(figure), [figure]);
  return (
    <div className="flex h-full flex-col">
      <RowsTable
        label={`Values of ${title}`}
        headers={headers}
        data={data.slice(0, MOST_ROWS)}
        className="min-h-0 flex-1 rounded-md border border-line"
      />
      {data.length > MOST_ROWS && (
        <p className="pt-1.5 text-xs text-soft">
          The first {MOST_ROWS} of {data.length.toLocaleString("en")} values.
        </p>
      )}
    </div>
  );
}

/** What a screen reader says of a chart. */
export function summary(figure: Figure, title: string): string {
  const kinds = [...new Set(figure.data.map(traceType))].join(" and ");
  const names = figure.data.map(nameOf).filter((name) => name !== "");
  const series = figure.data.length > 1 && names.length > 0 ? ` of ${names.slice(0, 8).join(", ")}` : "";
  return `${title}: ${kinds === "scatter" ? "a chart" : `a ${kinds} chart`}${series}`;
}
