"use client";

import { useMemo } from "react";
import type { Node } from "./graph";
import { layoutOf, SIZE } from "./layout";
import { NodeLink } from "./node-link";

interface GraphViewProps {
  nodes: readonly Node[];
  projectId: string;
  chosen: string | null;
}

/** The sheets in columns, with lines from each to what was made from it; a list where there is no room. */
export function GraphView({ nodes, projectId, chosen }: GraphViewProps) {
  const { placed, edges, width, height } = useMemo(() => layoutOf(nodes), [nodes]);
  return (
    <>
      <div className="hidden overflow-x-auto rounded-xl border border-line bg-panel p-6 md:block" tabIndex={0} role="group" aria-label="Sheets and what they were made from">
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
      <ol aria-label="Sheets and what they were made from" className="grid gap-3 md:hidden">
        {nodes.map((node) => (
          <li key={node.sheet.id}>
            <NodeLink node={node} projectId={projectId} here={node.sheet.address === chosen} />
            {node.reads.length > 0 && (
              <p className="mt-1 truncate pl-3 text-xs text-soft">
                made from {node.reads.map((read) => read.address).join(", ")}
              </p>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
