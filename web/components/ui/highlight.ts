import type { HighlighterCore } from "shiki/core";

export interface Token {
  readonly content: string;
  readonly color: string | undefined;
}

const LANGUAGES = ["sql", "python", "json"] as const;
const MOST = 60_000;
let loading: Promise<HighlighterCore> | null = null;

/** Lines of coloured tokens; null where the language is not one that we know, or the text too long to colour. */
export async function highlight(text: string, language: string): Promise<readonly (readonly Token[])[] | null> {
  const known = LANGUAGES.find((name) => name === language);
  if (known === undefined || text.length > MOST) return null;
  loading ??= load();
  loading.catch(() => (loading = null));
  const highlighter = await loading;
  const { tokens } = highlighter.codeToTokens(text, { lang: known, theme: "css-variables" });
  return tokens.map((line) => line.map(({ content, color }) => ({ content, color })));
}

async function load(): Promise<HighlighterCore> {
  const [{ createHighlighterCore, createCssVariablesTheme }, { createJavaScriptRegexEngine }, ...langs] = await Promise.all([
    import("shiki/core"),
    import("shiki/engine/javascript"),
    import("shiki/langs/sql.mjs"),
    import("shiki/langs/python.mjs"),
    import("shiki/langs/json.mjs"),
  ]);
  return createHighlighterCore({
    themes: [createCssVariablesTheme({ name: "css-variables", variablePrefix: "--code-", fontStyle: false })],
    langs: langs.map((lang) => lang.default),
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
}
