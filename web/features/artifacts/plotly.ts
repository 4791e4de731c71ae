import type { Config, Data, Layout, PlotlyHTMLElement } from "plotly.js";
import { themed, themedTraces, type Tokens } from "./chart-theme";
import type { Drawable } from "./clean";

export type Plotly = typeof import("plotly.js");

const CONFIG: Partial<Config> = { displayModeBar: false, displaylogo: false, scrollZoom: false, showTips: false };
let loading: Promise<Plotly> | null = null;
const drawn = new WeakMap<HTMLElement, Drawable>();

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
  await plotly.react(holder, traces(figure, tokens), layout(figure, tokens), CONFIG);
  drawn.set(holder, figure);
}

export type Picture = "png" | "svg";

/** Saves what an element shows as a file, on the page's paper and with its title. */
export async function download(
  holder: HTMLElement,
  { figure, tokens, title, format }: { figure: Drawable; tokens: Tokens; title: string; format: Picture },
): Promise<void> {
  const plotly = await loadPlotly();
  const { clientWidth: width, clientHeight: height } = holder;
  const top = title === "" ? 24 : 64;
  const drawing = {
    data: traces(figure, tokens),
    layout: {
      ...layout(figure, tokens),
      paper_bgcolor: tokens.paper,
      margin: { l: 24, r: 24, t: top, b: 24 },
      title: { text: escaped(title), x: 0.02, xanchor: "left" as const, font: { size: 18, color: tokens.ink } },
    },
  };
  await plotly.downloadImage(drawing as unknown as PlotlyHTMLElement, {
    format,
    filename: fileName(title),
    width: Math.max(width, 640),
    height: Math.max(height, 360) + top,
    scale: format === "png" ? 2 : 1,
  } as Parameters<Plotly["downloadImage"]>[1]);
}

/** What an element shows as a picture for paper: a drawing in a data address. */
export async function pictureOf(holder: HTMLElement, tokens: Tokens): Promise<string> {
  const figure = drawn.get(holder);
  if (figure === undefined) throw new Error("A chart is still being drawn. Try again in a moment.");
  const plotly = await loadPlotly();
  const drawing = { data: traces(figure, tokens), layout: { ...layout(figure, tokens), paper_bgcolor: tokens.paper } };
  return plotly.toImage(drawing as unknown as PlotlyHTMLElement, {
    format: "svg",
    width: 720,
    height: 380,
  } as Parameters<Plotly["toImage"]>[1]);
}

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
