"use client";

import { ExternalLink } from "lucide-react";
import { memo, useId, useMemo, useRef, type ComponentProps, type ReactNode } from "react";
import ReactMarkdown, { type Components, type Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import { cn } from "./cn";
import { closed, grown, NO_BLOCKS, type Block } from "./markdown-blocks";
import { below, outlined, type Outline } from "./markdown-outline";
import styles from "./markdown.module.css";

interface MarkdownProps {
  text: string;
  /** The text is still growing: what its end leaves open is drawn as if it were closed. */
  streaming?: boolean;
  /** More remark plugins, the same ones each time. */
  plugins?: Plugins;
  className?: string;
}

/** Markdown, drawn block by block: a growing text draws its last block only. Raw HTML stays text. */
export const Markdown = memo(function Markdown({ text, streaming = false, plugins = NONE, className }: MarkdownProps) {
  const before = useRef(NO_BLOCKS);
  before.current = grown(before.current, text);
  const { blocks } = before.current;
  const outlines = outlinesOf(blocks);
  return (
    <div className={cn(styles["markdown"], className)}>
      {blocks.map((block, at) => (
        <Piece
          key={at}
          text={streaming && at === blocks.length - 1 ? closed(block.text) : block.text}
          above={outlines[at]?.join() ?? ""}
          plugins={plugins}
        />
      ))}
    </div>
  );
});

/** What each of the blocks stands below. */
function outlinesOf(blocks: readonly Block[]): readonly Outline[] {
  let now: Outline = [];
  return blocks.map(({ level }) => {
    const above = now;
    if (level !== null) now = below(now, level);
    return above;
  });
}

type Plugins = NonNullable<Options["remarkPlugins"]>;
const NONE: Plugins = [];

interface PieceProps {
  text: string;
  /** Its outline as a text, which stays the same while it says the same. */
  above: string;
  plugins: Plugins;
}

const Piece = memo(function Piece({ text, above, plugins }: PieceProps) {
  const prefix = `${useId()}-`;
  const { headings, notes } = useMemo(() => {
    const outline = above === "" ? [] : above.split(",").map(Number);
    return { headings: [() => outlined({ outline, prefix })], notes: { clobberPrefix: prefix } };
  }, [above, prefix]);
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm, ...plugins]}
      rehypePlugins={headings}
      remarkRehypeOptions={notes}
      components={COMPONENTS}
    >
      {text}
    </ReactMarkdown>
  );
});

interface Target {
  href?: string | undefined;
  children?: ReactNode;
}

/** Footnotes and what they belong to lead to each other, within the text only. */
function Link({ node: _, ...given }: ComponentProps<"a"> & { node?: unknown }) {
  return given.href?.startsWith("#") ? <a {...given} /> : <Anchor href={given.href}>{given.children}</Anchor>;
}

function Anchor({ href = "", children }: Target) {
  if (href === "") return <>{children}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** A picture of another host would tell that host who reads this: it is a link instead. */
function Picture({ src, alt = "" }: { src?: string | undefined; alt?: string | undefined }) {
  if (!src) return <>{alt}</>;
  if (isOwn(src)) return <img src={src} alt={alt} loading="lazy" />;
  return (
    <Anchor href={src}>
      {alt || "Picture"} <ExternalLink aria-hidden className="inline size-3.5" />
    </Anchor>
  );
}

function isOwn(address: string): boolean {
  return /^\/(?![/\\])/.test(address);
}

const COMPONENTS: Components = {
  a: Link,
  // Only lists of tasks have them.
  input: ({ checked = false }) => <input type="checkbox" checked={checked} disabled aria-label={checked ? "Done" : "To do"} />,
  img: ({ src, alt }) => <Picture src={typeof src === "string" ? src : undefined} alt={alt} />,
  table: ({ children }) => (
    // No landmark: an answer may have many of them.
    <div className={styles["wide"]} tabIndex={0} role="group" aria-label="Table">
      <table>{children}</table>
    </div>
  ),
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
};
