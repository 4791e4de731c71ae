import { asPrinted } from "@/lib/printing";
import { saveFile } from "@/lib/save-file";
import type { Tokens } from "./chart-theme";
import { pictureOf } from "./plotly";
import styles from "./print.module.css";
import { contentsOf, linkTo, settle } from "./report-paper";

/** A report as a page that stands alone: no script, nothing from elsewhere, charts as drawings. */
export async function asPage(article: HTMLElement, title: string): Promise<string> {
  const body = await onPaper(article);
  const page = document.implementation.createHTMLDocument(title);
  page.documentElement.lang = "en";
  const meta = (given: Readonly<Record<string, string>>): HTMLMetaElement => {
    const element = page.createElement("meta");
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    return element;
  };
  const style = page.createElement("style");
  style.textContent = PAGE_STYLE;
  page.head.prepend(
    meta({ charset: "utf-8" }),
    meta({ name: "viewport", content: "width=device-width, initial-scale=1" }),
    meta({ "http-equiv": "Content-Security-Policy", content: "default-src 'none'; style-src 'unsafe-inline'; img-src data:" }),
  );
  page.head.append(style);
  for (const image of body.querySelectorAll('img:not([src^="data:"])')) image.replaceWith(linkTo(image as HTMLImageElement));
  const contents = contentsOf(body);
  if (contents !== null) page.body.append(page.importNode(contents, true));
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
  settle(copy);
  return copy;
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
    font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: break-word; }
  a { color: #2a6152; } nav { margin-bottom: 2.5rem; } nav ul { list-style: none; margin: 0; padding: 0; }
  nav [data-level="2"] { padding-left: 1rem; } nav [data-level="3"] { padding-left: 2rem; }
  h3, h4, h5, h6 { font-family: "Iowan Old Style", Charter, Georgia, serif; line-height: 1.3; margin: 1.6em 0 0.5em; }
  h3 { font-size: 1.75rem; } h4 { font-size: 1.35rem; } h5 { font-size: 1.1rem; }
  img { max-width: 100%; height: auto; } pre, code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.9em; }
  pre { background: #f4f2ec; padding: 0.8rem 1rem; border-radius: 0.4rem; overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-size: 0.9em; font-variant-numeric: tabular-nums; }
  th, td { text-align: left; padding: 0.35rem 0.7rem; border-bottom: 1px solid #dedacf; vertical-align: top; }
  :has(> table) { overflow-x: auto; } [data-task] { list-style: none; margin-left: -1.4em; }
  section { margin-top: 2.5rem; padding-top: 0.5rem; border-top: 1px solid #dedacf; font-size: 0.9em; } sup { line-height: 0; }
  [align=right] { text-align: right; } figure { margin: 0; }
  blockquote { margin: 0; padding-left: 1em; border-left: 3px solid #dedacf; color: #4a4740; }
  @media print { body { max-width: none; margin: 0; } pre { white-space: pre-wrap; } :is(img, tr, pre, blockquote) { break-inside: avoid; } }
`;
