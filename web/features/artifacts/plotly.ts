import type { Config, Data, Layout, PlotlyHTMLElement } from "plotly.js";
import { fitted, type Size } from "./chart-fit";
import { themed, themedTraces, type Tokens } from "./chart-theme";
import type { Drawable } from "./clean";

export type Plotly = typeof import("plotly.js");

const CONFIG: Partial<Config> = { displayModeBar: false, displaylogo: false, scrollZoom: false, showTips: false };
let loading: Promise<Plotly> | null = null;
const drawn = new WeakMap<HTMLElement, { readonly figure: Drawable; readonly tokens: Tokens; readonly fit: string }>();

/** The library, fetched when the first chart is drawn; a fetch that failed is tried again by the next one. */
export function loadPlotly(): Promise<Plotly> {
  loading ??= import("plotly.js-cartesian-dist-min").then((loaded) => {
    const module = loaded as unknown as Plotly & { default?: Plotly };
    return module.default ?? module;
  });
  loading.catch(() => (loading = null));
  return loading;
}

/** Draws a figure in an element, or draws it anew there. */
export async function draw(holder: HTMLElement, figure: Drawable, tokens: Tokens): Promise<void> {
  const plotly = await loadPlotly();
  const fit = fitted(figure, sizeOf(holder));
  await plotly.react(holder, traces(fit, tokens), layout(fit, tokens), CONFIG);
  drawn.set(holder, { figure, tokens, fit: JSON.stringify(fit.layout) });
}

/** Brings a drawing to the size of its element; what fits there is found anew. */
export async function resize(holder: HTMLElement): Promise<void> {
  const plotly = await loadPlotly();
  if (!holder.isConnected) return;
  const before = drawn.get(holder);
  if (before && before.fit !== JSON.stringify(fitted(before.figure, sizeOf(holder)).layout)) {
    await draw(holder, before.figure, before.tokens);
  }
  await plotly.Plots.resize(holder);
}

function sizeOf({ clientWidth: width, clientHeight: height }: HTMLElement): Size {
  return { width, height };
}

export type Picture = "png" | "svg";

/** Saves what an element shows as a file, on the page's paper and with its title. */
export async function download(
  holder: HTMLElement,
  { figure, tokens, title, format }: { figure: Drawable; tokens: Tokens; title: string; format: Picture },
): Promise<void> {
  const plotly = await loadPlotly();
  const size = { width: Math.max(holder.clientWidth, 640), height: Math.max(holder.clientHeight, 360) };
  const top = title === "" ? 24 : 64;
  const fit = fitted(figure, size);
  const drawing = {
    data: traces(fit, tokens),
    layout: {
      ...layout(fit, tokens),
      paper_bgcolor: tokens.paper,
      margin: { l: 24, r: 24, t: top, b: 24 },
      title: { text: escaped(title), x: 0.02, xanchor: "left" as const, font: { size: 18, color: tokens.ink } },
    },
  };
  await plotly.downloadImage(drawing as unknown as PlotlyHTMLElement, {
    format,
    filename: fileName(title),
    width: size.width,
    height: size.height + top,
    scale: format === "png" ? 2 : 1,
  } as Parameters<Plotly["downloadImage"]>[1]);
}

/** What an element shows as a picture for paper: a drawing in a data address. */
export async function pictureOf(holder: HTMLElement, tokens: Tokens): Promise<string> {
  const figure = drawn.get(holder)?.figure;
  if (figure === undefined) throw new Error("A chart is still being drawn. Try again in a moment.");
  const plotly = await loadPlotly();
  const fit = fitted(figure, PAPER);
  const drawing = { data: traces(fit, tokens), layout: { ...layout(fit, tokens), paper_bgcolor: tokens.paper } };
  return plotly.toImage(drawing as unknown as PlotlyHTMLElement, {
    format: "svg",
    ...PAPER,
  } as Parameters<Plotly["toImage"]>[1]);
}

const PAPER: Size = { width: 720, height: 380 };

export function fileName(title: string): string {
  const name = title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  return name.slice(0, 80) || "chart";
}

function traces(figure: Drawable, tokens: Tokens): Data[] {
  // Plotly keeps its own marks on what it is given.
  return structuredClone(themedTraces(figure, tokens)) as unknown as Data[];
}

function layout(figure: Drawable, tokens: Tokens): Partial<Layout> {
  const coarse = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;
  return { ...structuredClone(themed(figure, tokens)), ...(coarse ? { dragmode: false as const } : {}) };
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
