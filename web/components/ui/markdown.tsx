"use client";

import { ExternalLink } from "lucide-react";
import { memo, useRef, type ReactNode } from "react";
import ReactMarkdown, { type Components, type Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import { cn } from "./cn";
import { closed, grown, NO_BLOCKS } from "./markdown-blocks";
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
  return (
    <div className={cn(styles["markdown"], className)}>
      {blocks.map((block, at) => (
        <Block key={at} text={streaming && at === blocks.length - 1 ? closed(block) : block} plugins={plugins} />
      ))}
    </div>
  );
});

type Plugins = NonNullable<Options["remarkPlugins"]>;
const NONE: Plugins = [];

const Block = memo(function Block({ text, plugins }: { text: string; plugins: Plugins }) {
  return (
    <ReactMarkdown remarkPlugins={[remarkGfm, ...plugins]} components={COMPONENTS}>
      {text}
    </ReactMarkdown>
  );
});

interface Target {
  href?: string | undefined;
  children?: ReactNode;
}

function Anchor({ href = "", children }: Target) {
  if (href === "") return <>{children}</>;
  if (href.startsWith("#")) return <a href={href}>{children}</a>;
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
  // The screen and the question stand above: headings of an answer come below theirs.
  h1: ({ children }) => <h3 data-level="1">{children}</h3>,
  h2: ({ children }) => <h3 data-level="2">{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
  a: ({ href, children }) => <Anchor href={href}>{children}</Anchor>,
  img: ({ src, alt }) => <Picture src={typeof src === "string" ? src : undefined} alt={alt} />,
  table: ({ children }) => (
    <div className={styles["wide"]} tabIndex={0} role="region" aria-label="Table">
      <table>{children}</table>
    </div>
  ),
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
};
