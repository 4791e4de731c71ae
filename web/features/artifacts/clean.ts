import { isFields, titleText, traceType, unpacked, type Fields, type Figure } from "./figure";

export const MOST_POINTS = 20_000;
export const MOST_SERIES = 60;
const MOST_MARKS = 200;
const DRAWN = new Set([
  "bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour", "pie", "scatter",
  "scatterternary", "violin",
]);
const THINNED = new Set(["scatter", "bar", "scatterternary"]);
const LAYOUT = new Set([
  "barmode", "bargap", "bargroupgap", "barnorm", "boxmode", "violinmode", "hovermode", "showlegend", "coloraxis", "grid",
]);
const AXIS = /^[xy]axis([2-9]|1\d)?$/;
/** Plotly's own colours, which its Python side writes out; ours take their place. */
const DEFAULTS = new Set(
  ("#636efa #ef553b #00cc96 #ab63fa #ffa15a #19d3f3 #ff6692 #b6e880 #ff97ff #fecb52 " +
    "#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf").split(" "),
);
const LEFT_OUT = new Set(["source", "stream", "transforms", "hoverlabel", "uid", "meta", "template", "font", "textfont"]);
const TAGS = /<(?!\/?(?:b|i|em|strong|sub|sup|extra)>|br\s*\/?>)(?=[a-z/!?])/gi;
/** A name inherited by every record is no data of a figure. */
const NAMES = new Set(["__proto__", "constructor", "prototype"]);

export interface Drawable extends Figure {
  /** What was left out, in words for the person; empty where nothing was. */
  readonly notes: readonly string[];
}

/** What of a figure is drawn: known kinds, no links, images, buttons or mark-up beyond bold and the like, not too much. */
export function drawable(figure: Figure): Drawable {
  const notes: string[] = [];
  const known = figure.data.filter((trace) => DRAWN.has(traceType(trace)));
  const strange = [...new Set(figure.data.filter((t) => !known.includes(t)).map(traceType))];
  if (strange.length > 0) notes.push(`Series of the kind ${strange.map(words).join(", ")} can't be drawn here.`);
  const few = known.slice(0, MOST_SERIES);
  if (few.length < known.length) notes.push(`The first ${MOST_SERIES} of ${known.length} series are drawn.`);
  const { traces, all, drawn } = thinned(few.map((t) => cleanTrace(t)));
  if (drawn < all) {
    notes.push(`${count(drawn)} of ${count(all)} points are drawn, picked evenly.`);
  }
  return { data: traces, layout: cleanLayout(figure.layout), notes };
}

function cleanTrace(trace: Fields): Fields {
  const type = traceType(trace);
  return { ...(clean({ ...trace, visible: trace["visible"] ?? true }) as Fields), type };
}

function cleanLayout(layout: Fields): Fields {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(layout)) {
    if (LAYOUT.has(name)) kept[name] = clean(value);
    else if (AXIS.test(name) && isFields(value)) kept[name] = cleanAxis(value);
    else if ((name === "shapes" || name === "annotations") && Array.isArray(value)) {
      kept[name] = value.filter(isFields).slice(0, MOST_MARKS).map((mark) => clean({ ...mark, font: undefined }));
    }
  }
  return kept;
}

const AXIS_LEFT_OUT = ["rangeselector", "rangeslider", "tickfont", "color", "gridcolor", "linecolor", "zerolinecolor", "tickcolor"];

function cleanAxis(axis: Fields): Fields {
  const kept = { ...(clean(axis) as Record<string, unknown>), title: { text: cleanText(titleText(axis)) } };
  for (const name of AXIS_LEFT_OUT) delete (kept as Record<string, unknown>)[name];
  return kept;
}

function clean(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return cleanText(value);
  if (depth > 8) return null;
  if (Array.isArray(value)) return value.map((one: unknown) => clean(one, depth + 1));
  if (!isFields(value)) return value;
  const list = unpacked(value);
  if (list !== null) return list;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, one]) => !LEFT_OUT.has(name) && !NAMES.has(name) && one !== undefined)
      .filter(([name, one]) => !(name === "color" && typeof one === "string" && DEFAULTS.has(one.toLowerCase())))
      .map(([name, one]) => [name, clean(one, depth + 1)]),
  );
}

/** Text in which only bold, italics, breaks and the like stay mark-up. */
export function cleanText(text: string): string {
  return text.replace(TAGS, "&lt;");
}

function thinned(traces: readonly Fields[]): { traces: readonly Fields[]; all: number; drawn: number } {
  const lengths = traces.map((trace) => (THINNED.has(traceType(trace)) ? longest(trace) : 0));
  const all = lengths.reduce((sum, n) => sum + n, 0);
  if (all <= MOST_POINTS) return { traces, all, drawn: all };
  let drawn = 0;
  const fewer = traces.map((trace, at) => {
    const length = lengths[at] ?? 0;
    const share = Math.max(2, Math.floor((length * MOST_POINTS) / all));
    if (length <= share) {
      drawn += length;
      return trace;
    }
    drawn += share;
    return picked(trace, length, share) as Fields;
  });
  return { traces: fewer, all, drawn };
}

function longest(trace: Fields): number {
  return Math.max(0, ...["x", "y", "a", "b", "c"].map((k) => trace[k]).map((v) => (Array.isArray(v) ? v.length : 0)));
}

/** Every list of the trace that goes along its points, thinned alike. */
function picked(value: unknown, length: number, share: number): unknown {
  if (Array.isArray(value)) {
    if (value.length !== length) return value;
    return Array.from({ length: share }, (_, n) => value[Math.round((n * (length - 1)) / (share - 1))] as unknown);
  }
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, picked(one, length, share)]));
}

function words(type: string): string {
  return `“${type.slice(0, 30)}”`;
}

function count(n: number): string {
  return n.toLocaleString("en");
}
