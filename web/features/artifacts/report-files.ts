import { asPrinted } from "@/lib/printing";
import { saveFile } from "@/lib/save-file";
import type { Tokens } from "./chart-theme";
import { pictureOf } from "./plotly";
import styles from "./print.module.css";

/** A report as a page that stands alone: no script, nothing from elsewhere, charts as drawings. */
export async function asPage(article: HTMLElement, title: string): Promise<string> {
  const body = await onPaper(article);
  const page = document.implementation.createHTMLDocument(title);
  page.documentElement.lang = "en";
  const charset = page.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  const policy = page.createElement("meta");
  policy.setAttribute("http-equiv", "Content-Security-Policy");
  policy.setAttribute("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  const style = page.createElement("style");
  style.textContent = PAGE_STYLE;
  page.head.prepend(charset, policy);
  page.head.append(style);
  page.body.append(page.importNode(body, true));
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
}

/** Prints a report alone, on white; the browser's own dialog saves it as PDF too. */
export async function printed(article: HTMLElement, title: string): Promise<void> {
  const paper = document.createElement("div");
  paper.className = styles["paper"] ?? "";
  paper.append(await asPrinted(() => onPaper(article)));
  document.body.append(paper);
  const before = document.title;
  document.title = title;
  try {
    await Promise.all([...paper.querySelectorAll("img")].map((image) => image.decode()));
    print();
  } finally {
    document.title = before;
    paper.remove();
  }
}

export function saveText(name: string, type: string, text: string): void {
  saveFile(new Blob([text], { type: `${type};charset=utf-8` }), name);
}

/** A copy of a report's elements without controls, classes and scripts; charts are pictures on white. */
async function onPaper(article: HTMLElement): Promise<HTMLElement> {
  const copy = document.createElement("article");
  copy.append(...[...article.cloneNode(true).childNodes]);
  const plots = [...article.querySelectorAll<HTMLElement>("[data-plot]")];
  const places = [...copy.querySelectorAll<HTMLElement>("[data-plot]")];
  await Promise.all(
    places.map(async (place, n) => {
      const plot = plots[n];
      if (plot === undefined) return;
      const image = document.createElement("img");
      image.src = await pictureOf(plot, PAPER);
      image.alt = place.getAttribute("aria-label") ?? "";
      place.replaceWith(image);
    }),
  );
  for (const control of copy.querySelectorAll("button, figcaption, [data-controls], [role=status], [role=menu]")) control.remove();
  for (const element of copy.querySelectorAll("*")) tidy(element);
  return copy;
}

const KEPT = new Set(["href", "src", "alt", "scope", "colspan", "rowspan", "align", "start", "data-level", "data-wide", "datetime"]);

function tidy(element: Element): void {
  if (element.classList.contains("text-right")) element.setAttribute("align", "right");
  for (const name of element.getAttributeNames()) if (!KEPT.has(name)) element.removeAttribute(name);
}

/** Ink on white, whatever the page wears. */
const PAPER: Tokens = {
  ink: "#22211d",
  soft: "#4a4740",
  line: "#dedacf",
  edge: "#8f897a",
  raised: "#ffffff",
  paper: "#ffffff",
  font: "system-ui, sans-serif",
  series: ["#2f6f5e", "#c98a2b", "#4b6cb7", "#a8476a", "#6f8f3a", "#7a6aa8"],
};

const PAGE_STYLE = `
  body { max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #22211d; background: #fff;
    font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
  h3, h4, h5, h6 { font-family: "Iowan Old Style", Charter, Georgia, serif; line-height: 1.3; margin: 1.6em 0 0.5em; }
  h3 { font-size: 1.75rem; } h4 { font-size: 1.35rem; } h5 { font-size: 1.1rem; }
  img { max-width: 100%; height: auto; } pre, code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.9em; }
  pre { background: #f4f2ec; padding: 0.8rem 1rem; border-radius: 0.4rem; overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-size: 0.9em; font-variant-numeric: tabular-nums; }
  th, td { text-align: left; padding: 0.35rem 0.7rem; border-bottom: 1px solid #dedacf; vertical-align: top; }
  [align=right] { text-align: right; } figure { margin: 0; }
  blockquote { margin: 0; padding-left: 1em; border-left: 3px solid #dedacf; color: #4a4740; }
`;
