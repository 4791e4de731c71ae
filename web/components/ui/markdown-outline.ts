/** The headings that a place of a text stands below, by the levels that they were written with. */
export type Outline = readonly number[];

/** The highest heading of a text: the screen, and a part of it, stand above. */
const TOP = 3;
const LOWEST = 6;
const LABEL = "footnote-label";

/** Where one stands after a heading. */
export function below(outline: Outline, level: number): Outline {
  return [...outline.filter((above) => above < level), level];
}

interface Node {
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

interface Given {
  readonly outline: Outline;
  /** Makes the page's only names out of those that every text gives its footnotes. */
  readonly prefix: string;
}

/** Of a drawn piece of Markdown: headings follow each other without a gap, and footnotes have names of their own. */
export function outlined({ outline, prefix }: Given) {
  return (tree: Node): void => {
    let now = outline;
    for (const node of within(tree)) {
      const level = /^h([1-6])$/.exec(node.tagName ?? "")?.[1];
      if (level !== undefined) {
        now = below(now, Number(level));
        node.tagName = `h${Math.min(LOWEST, TOP - 1 + now.length)}`;
        node.properties = { ...node.properties, dataLevel: level };
      }
      if (node.properties?.["id"] === LABEL) node.properties["id"] = prefix + LABEL;
      if (node.properties?.["ariaDescribedBy"] !== undefined) node.properties["ariaDescribedBy"] = prefix + LABEL;
    }
  };
}

function* within(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children ?? []) yield* within(child);
}
