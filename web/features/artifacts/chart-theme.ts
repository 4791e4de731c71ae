import { part, traceType, type Fields, type Figure } from "./figure";

/** What a chart takes of app/tokens.css, as the page shows it now. */
export interface Tokens {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly edge: string;
  readonly raised: string;
  readonly paper: string;
  readonly series: readonly string[];
  readonly font: string;
}

const SERIES = [0, 1, 2, 3, 4, 5] as const;

export function readTokens(of: Element): Tokens {
  const style = getComputedStyle(of);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: token("--ink"),
    soft: token("--soft"),
    line: token("--line"),
    edge: token("--edge"),
    raised: token("--raised"),
    paper: token("--paper"),
    series: SERIES.map((n) => token(`--series-${n}`)),
    font: token("--font-sans") || "sans-serif",
  };
}

/** The layout in the page's colours and faces; the title stands outside, where it can wrap and be read out. */
export function themed(figure: Figure, tokens: Tokens): Fields {
  const { layout, data } = figure;
  const axes = Object.keys(layout).filter((name) => /^[xy]axis/.test(name));
  const names = new Set(isPie(figure) ? axes : ["xaxis", "yaxis", ...axes]);
  const several = data.length > 1;
  return {
    ...layout,
    ...Object.fromEntries([...names].map((name) => [name, axis(part(layout, name), name.startsWith(lies(figure) ? "x" : "y"), tokens)])),
    ...(Array.isArray(layout["annotations"]) ? { annotations: layout["annotations"].map((a) => noted(a as Fields, tokens)) } : {}),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: tokens.font, size: 12, color: tokens.soft },
    colorway: tokens.series,
    autosize: true,
    margin: { l: 12, r: 16, t: 12, b: 12, pad: 6 },
    hoverlabel: { bgcolor: tokens.raised, bordercolor: tokens.edge, font: { family: tokens.font, size: 12, color: tokens.ink } },
    hovermode: layout["hovermode"] ?? (followsTime(figure) ? "x unified" : "closest"),
    showlegend: !isPie(figure) && (layout["showlegend"] ?? several),
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: tokens.ink } },
  };
}

/** An axis; one that measures has lines across the drawing. */
function axis(given: Fields, measures: boolean, tokens: Tokens): Fields {
  const title = part(given, "title");
  return {
    ...given,
    automargin: true,
    gridcolor: tokens.line,
    zerolinecolor: tokens.edge,
    showline: false,
    ticks: "",
    tickfont: { color: tokens.soft },
    showgrid: given["showgrid"] ?? measures,
    ...(typeof given["hoverformat"] === "string" ? {} : measures ? { hoverformat: ",.6~g" } : {}),
    title: { text: title["text"] ?? "", font: { color: tokens.soft, size: 12 }, standoff: 12 },
  };
}

function noted(annotation: Fields, tokens: Tokens): Fields {
  return { ...annotation, font: { color: tokens.ink, size: 12 }, arrowcolor: tokens.edge, bgcolor: "rgba(0,0,0,0)" };
}

/** Traces as the theme has them: slices say beside them what they are, in ink. */
export function themedTraces(figure: Figure, tokens: Tokens): readonly Fields[] {
  return figure.data.map((trace) => {
    if (traceType(trace) !== "pie") return trace;
    const marker = { ...part(trace, "marker"), line: { color: tokens.paper, width: 2 } };
    const told = { textinfo: "label+percent", textposition: "outside", automargin: true, textfont: { color: tokens.ink } };
    return { ...told, ...trace, marker: { colors: tokens.series, ...marker } };
  });
}

function isPie(figure: Figure): boolean {
  return figure.data.length > 0 && figure.data.every((trace) => traceType(trace) === "pie");
}

/** Whether a figure is of bars that lie. */
function lies(figure: Figure): boolean {
  return figure.data.length > 0 && figure.data.every((trace) => traceType(trace) === "bar" && trace["orientation"] === "h");
}

function followsTime(figure: Figure): boolean {
  return figure.data.length > 1 && figure.data.length <= 8 && figure.data.every((trace) => String(trace["mode"] ?? "").includes("lines"));
}
