import type { Node } from "./graph";

export const SIZE = { width: 248, height: 64, across: 72, down: 16 } as const;

export interface Placed {
  readonly node: Node;
  readonly x: number;
  readonly y: number;
}

export interface Edge {
  readonly id: string;
  readonly path: string;
  readonly stale: boolean;
}

export interface Layout {
  readonly placed: readonly Placed[];
  readonly edges: readonly Edge[];
  readonly width: number;
  readonly height: number;
}

/** Nodes with a line to another, and those that stand alone. */
export function apart(nodes: readonly Node[]): { readonly tied: readonly Node[]; readonly lone: readonly Node[] } {
  const here = new Set(nodes.map(({ sheet }) => sheet.id));
  const ends = nodes.flatMap((node) => node.reads.filter(({ id }) => here.has(id)).flatMap(({ id }) => [id, node.sheet.id]));
  const isTied = new Set(ends);
  return {
    tied: nodes.filter(({ sheet }) => isTied.has(sheet.id)),
    lone: nodes.filter(({ sheet }) => !isTied.has(sheet.id)),
  };
}

/** Nodes in columns from left to right, each right of all that it was made from. `nodes` has sources first. */
export function layoutOf(nodes: readonly Node[]): Layout {
  const layers = ordered(layersOf(nodes));
  const tallest = Math.max(0, ...layers.map((layer) => layer.length));
  const placed = layers.flatMap((layer, column) =>
    layer.map((node, row) => ({
      node,
      x: column * (SIZE.width + SIZE.across),
      y: (row + (tallest - layer.length) / 2) * (SIZE.height + SIZE.down),
    })),
  );
  return {
    placed,
    edges: edgesOf(placed),
    width: Math.max(0, layers.length * (SIZE.width + SIZE.across) - SIZE.across),
    height: Math.max(0, tallest * (SIZE.height + SIZE.down) - SIZE.down),
  };
}

export function layersOf(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const depth = new Map<string, number>();
  const layers: Node[][] = [];
  for (const node of nodes) {
    const at = 1 + Math.max(-1, ...node.reads.map((read) => depth.get(read.id) ?? -1));
    depth.set(node.sheet.id, at);
    (layers[at] ??= []).push(node);
  }
  return layers;
}

/** Within a column those near each other that come from the same sources, so that few lines cross; last what nothing was made from. */
function ordered(layers: readonly (readonly Node[])[]): readonly (readonly Node[])[] {
  const row = new Map<string, number>();
  const read = new Set(layers.flat().flatMap((node) => node.reads.map(({ id }) => id)));
  const lone = (node: Node): number => (read.has(node.sheet.id) ? 0 : 1);
  return layers.map((layer) => {
    const pull = (node: Node): number => {
      const rows = node.reads.flatMap(({ id }) => row.get(id) ?? []);
      return rows.length > 0 ? rows.reduce((a, b) => a + b, 0) / rows.length : Number.MAX_SAFE_INTEGER;
    };
    const sorted = [...layer].sort(
      (a, b) => pull(a) - pull(b) || lone(a) - lone(b) || a.sheet.address.localeCompare(b.sheet.address),
    );
    sorted.forEach((node, at) => row.set(node.sheet.id, at));
    return sorted;
  });
}

function edgesOf(placed: readonly Placed[]): readonly Edge[] {
  const byId = new Map(placed.map((place) => [place.node.sheet.id, place]));
  return placed.flatMap((to) =>
    to.node.reads.flatMap((read): Edge[] => {
      const from = byId.get(read.id);
      if (from === undefined) return [];
      const [x1, y1] = [from.x + SIZE.width, from.y + SIZE.height / 2];
      const [x2, y2] = [to.x, to.y + SIZE.height / 2];
      const bend = Math.max(24, (x2 - x1) / 2);
      return [
        {
          id: `${read.id}-${to.node.sheet.id}`,
          path: `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`,
          stale: to.node.stale.some((reason) => reason.address === from.node.sheet.address),
        },
      ];
    }),
  );
}
