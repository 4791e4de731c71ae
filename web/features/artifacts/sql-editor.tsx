"use client";

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, sql, type SQLNamespace } from "@codemirror/lang-sql";
import { bracketMatching, defaultHighlightStyle, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { Completion } from "./completion";

interface SqlEditorProps {
  label: string;
  /** What stands there at first. */
  text: string;
  onText: (text: string) => void;
  onRun: (text: string) => void;
  completion: Completion;
}

/** An editor of SQL that knows the project's sheets; Tab leaves it, as it leaves any field. */
export function SqlEditor(props: SqlEditorProps) {
  const { label, text, completion } = props;
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (place.current === null) return undefined;
    const run = Prec.highest(
      keymap.of([{ key: "Mod-Enter", run: (view) => (latest.current.onRun(view.state.doc.toString()), true) }]),
    );
    const told = EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onText(update.state.doc.toString());
    });
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text,
        extensions: [run, told, BASE, language(completion), EditorView.contentAttributes.of({ "aria-label": label })],
      }),
    });
    view.focus();
    return () => view.destroy();
    // What was typed is the editor's own: it is not made anew for another list of names.
  }, [label, text]);
  return <div ref={place} className="overflow-hidden rounded-lg border border-edge bg-raised focus-within:border-accent" />;
}

function language(completion: Completion): Extension {
  return sql({ dialect: PostgreSQL, schema: completion as SQLNamespace, upperCaseKeywords: false });
}

const LOOK = EditorView.theme({
  "&": { fontSize: "var(--text-sm)", maxHeight: "45dvh", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6", minHeight: "8rem" },
  ".cm-content": { padding: "0.6rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.9rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--tint)", outline: "1px solid var(--edge)" },
  ".cm-tooltip": { border: "1px solid var(--line)", borderRadius: "0.5rem", backgroundColor: "var(--raised)", boxShadow: "var(--lift)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", maxHeight: "14rem", padding: "0.25rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.2rem 0.5rem", borderRadius: "0.3rem", color: "var(--ink)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--tint)", color: "var(--accent)" },
});

/** The library's kinds of tokens by its own colours, each in one of ours. */
const COLOURS: Readonly<Record<string, string>> = {
  "#708": "var(--accent)",
  "#219": "var(--bad)",
  "#164": "var(--bad)",
  "#a11": "var(--warn)",
  "#e40": "var(--warn)",
  "#940": "var(--soft)",
  "#f00": "var(--bad)",
};
const TOKENS = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ tag, color }) => ({ tag, color: COLOURS[String(color)] ?? "var(--ink)" })),
);

const BASE: Extension = [
  history(),
  drawSelection(),
  highlightSpecialChars(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ icons: false }),
  syntaxHighlighting(TOKENS),
  EditorView.lineWrapping,
  LOOK,
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
];
