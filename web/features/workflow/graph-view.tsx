"use client";

import { useId, useMemo } from "react";
import type { Node } from "./graph";
import { apart, layoutOf, SIZE } from "./layout";
import { NodeLink } from "./node-link";

interface GraphViewProps {
  nodes: readonly Node[];
  projectId: string;
  chosen: string | null;
}

const LABEL = "Sheets and what they were made from";

/** The sheets that hang together in columns, with lines from each to what was made from it; below them the others. */
export function GraphView({ nodes, projectId, chosen }: GraphViewProps) {
  const id = useId();
  const { tied, lone } = useMemo(() => apart(nodes), [nodes]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      {tied.length > 0 && (
        <div>
          <Graph nodes={tied} projectId={projectId} chosen={chosen} />
          <ol aria-label={LABEL} className="grid grid-cols-[minmax(0,1fr)] gap-3 md:hidden">
            <Cards nodes={tied} projectId={projectId} chosen={chosen} />
          </ol>
        </div>
      )}
      {lone.length > 0 && (
        <section aria-labelledby={id}>
          <h2 id={id} className="mb-3 text-sm font-medium text-soft">
            On their own
          </h2>
          <ul aria-labelledby={id} className="grid grid-cols-[repeat(auto-fill,minmax(min(15.5rem,100%),1fr))] gap-3">
            <Cards nodes={lone} projectId={projectId} chosen={chosen} />
          </ul>
        </section>
      )}
    </div>
  );
}

/** Only where there is room for it. */
function Graph({ nodes, projectId, chosen }: GraphViewProps) {
  const { placed, edges, width, height } = useMemo(() => layoutOf(nodes), [nodes]);
  return (
    <div className="hidden overflow-x-auto rounded-xl border border-line bg-panel p-6 md:block" tabIndex={0} role="group" aria-label={LABEL}>
      <div className="relative mx-auto" style={{ width, height }}>
        <svg aria-hidden width={width} height={height} className="absolute inset-0" fill="none" strokeWidth={1.5}>
          {edges.map((edge) => (
            <path
              key={edge.id}
              d={edge.path}
              className={edge.stale ? "stroke-warn" : "stroke-edge"}
              {...(edge.stale ? { strokeDasharray: "5 4" } : {})}
            />
          ))}
        </svg>
        <ol>
          {placed.map(({ node, x, y }) => (
            <li key={node.sheet.id} className="absolute" style={{ left: x, top: y, width: SIZE.width }}>
              <NodeLink node={node} projectId={projectId} here={node.sheet.address === chosen} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function Cards({ nodes, projectId, chosen }: GraphViewProps) {
  return nodes.map((node) => (
    <li key={node.sheet.id} className="min-w-0">
      <NodeLink node={node} projectId={projectId} here={node.sheet.address === chosen} />
      {node.reads.length > 0 && (
        <p className="mt-1 truncate pl-3 text-xs text-soft">made from {node.reads.map((read) => read.address).join(", ")}</p>
      )}
    </li>
  ));
}
