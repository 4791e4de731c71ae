import { BarChart3, FileText, Table2, TriangleAlert, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { cn } from "@/components/ui/cn";
import { projectAddress } from "@/features/projects";
import type { Node } from "./graph";

const ICONS: Readonly<Record<string, LucideIcon>> = { table: Table2, chart: BarChart3, report: FileText };

/** A sheet of the graph; opens what is known of it. */
export function NodeLink({ node, projectId, here }: { node: Node; projectId: string; here: boolean }) {
  const { sheet, stale } = node;
  const Icon = ICONS[sheet.type] ?? Table2;
  return (
    <Link
      href={projectAddress("workflow", projectId, { s: sheet.address })}
      prefetch={false}
      scroll={false}
      title={sheet.name}
      aria-current={here ? "true" : undefined}
      className={cn(
        "flex h-16 w-full items-center gap-2.5 rounded-lg border bg-raised px-3 hover:bg-hover",
        here ? "border-accent" : stale.length > 0 ? "border-warn" : "border-line",
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-accent" />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-medium">{sheet.name}</span>
        <span className="block truncate text-xs text-soft">
          {sheet.dataset_name_python} · version {sheet.version}
        </span>
      </span>
      {stale.length > 0 && (
        <>
          <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
          <span className="sr-only">, not up to date</span>
        </>
      )}
    </Link>
  );
}
