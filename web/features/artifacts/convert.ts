import { part, traceType, values, type Fields, type Figure } from "./figure";

export type Kind = "bar" | "line" | "points" | "area" | "pie";

export const KINDS: readonly (readonly [Kind, string])[] = [
  ["bar", "Bars"],
  ["line", "Lines"],
  ["points", "Points"],
  ["area", "Areas"],
  ["pie", "Slices of a pie"],
];
const MOST_SLICES = 12;
const CHANGEABLE = new Set(["bar", "scatter", "pie"]);
/** What a series keeps in any kind. */
const KEPT = ["name", "text", "customdata", "ids", "xaxis", "yaxis", "legendgroup", "visible", "opacity"] as const;

/** The kind that all series of a figure have; null where they differ or are of another one. */
export function kindOf(figure: Figure): Kind | null {
  const kinds = new Set(figure.data.map(kindOfTrace));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined ? kind : null;
}

function kindOfTrace(trace: Fields): Kind | null {
  const type = traceType(trace);
  if (type === "bar" || type === "pie") return type;
  if (type !== "scatter") return null;
  if (isFilled(trace)) return "area";
  return String(trace["mode"] ?? "lines").includes("lines") ? "line" : "points";
}

function isFilled(trace: Fields): boolean {
  const { fill, stackgroup } = trace;
  return (typeof stackgroup === "string" && stackgroup !== "") || (typeof fill === "string" && fill !== "none");
}

/** The kinds that a figure's values can be shown in; none where its values are more than a series of numbers. */
export function kindsFor(figure: Figure): readonly Kind[] {
  const now = kindOf(figure);
  if (figure.data.length === 0 || !figure.data.every((trace) => CHANGEABLE.has(traceType(trace)) && measures(trace).length > 0)) {
    return [];
  }
  return KINDS.map(([kind]) => kind).filter((kind) => kind !== "pie" || now === "pie" || fitsPie(figure));
}

function fitsPie(figure: Figure): boolean {
  const [only] = figure.data;
  if (only === undefined || figure.data.length > 1) return false;
  const parts = measures(only);
  return parts.length <= MOST_SLICES && parts.every((value) => value === null || Number(value) >= 0);
}

function isFlat(trace: Fields): boolean {
  return traceType(trace) === "bar" && trace["orientation"] === "h";
}

function measures(trace: Fields): readonly unknown[] {
  return values(trace, traceType(trace) === "pie" ? "values" : isFlat(trace) ? "x" : "y");
}

/** The same values in another kind. */
export function converted(figure: Figure, kind: Kind): Figure {
  if (kindOf(figure) === kind) return figure;
  const flat = figure.data.some(isFlat);
  const several = figure.data.length > 1;
  const below = figure.data.some((trace) => measures(trace).some((value) => Number(value) < 0));
  return {
    ...figure,
    data: figure.data.map((trace) => drawnAs(trace, kind, several && !below)),
    layout: layoutFor(flat ? turned(figure.layout) : figure.layout, kind),
  };
}

function drawnAs(trace: Fields, kind: Kind, stacked: boolean): Fields {
  const kept = Object.fromEntries(KEPT.filter((name) => name in trace).map((name) => [name, trace[name]]));
  const [labels, sizes] = axesOf(trace);
  const colour = colourOf(trace);
  const marker = colour === null ? {} : { marker: { color: colour } };
  const line = colour === null ? {} : { line: { color: colour } };
  const points = { ...(labels === undefined ? {} : { x: labels }), y: sizes };
  switch (kind) {
    case "pie":
      return { ...kept, type: "pie", ...(labels === undefined ? {} : { labels }), values: sizes };
    case "bar":
      return { ...kept, type: "bar", ...points, ...marker };
    case "line":
      return { ...kept, type: "scatter", mode: "lines+markers", ...points, ...line };
    case "points":
      return { ...kept, type: "scatter", mode: "markers", ...points, ...marker };
    case "area":
      return { ...kept, type: "scatter", mode: "lines", ...(stacked ? { stackgroup: "one" } : { fill: "tozeroy" }), ...points, ...line };
  }
}

function axesOf(trace: Fields): [unknown, unknown] {
  if (traceType(trace) === "pie") return [trace["labels"], trace["values"]];
  return isFlat(trace) ? [trace["y"], trace["x"]] : [trace["x"], trace["y"]];
}

/** A colour that was chosen for a whole series. */
function colourOf(trace: Fields): string | null {
  const colour = part(trace, "line")["color"] ?? part(trace, "marker")["color"];
  return typeof colour === "string" ? colour : null;
}

/** The axes change places: lying bars stand up. */
function turned(layout: Fields): Fields {
  const { xaxis, yaxis, ...rest } = layout;
  return {
    ...rest,
    ...(yaxis === undefined ? {} : { xaxis: withoutTurn(yaxis) }),
    ...(xaxis === undefined ? {} : { yaxis: withoutTurn(xaxis) }),
  };
}

function withoutTurn(axis: unknown): unknown {
  if (typeof axis !== "object" || axis === null) return axis;
  const { autorange: _, side: __, ...rest } = axis as Record<string, unknown>;
  return rest;
}

function layoutFor(layout: Fields, kind: Kind): Fields {
  if (kind === "bar") return layout;
  const { bargap: _, bargroupgap: __, barmode: ___, ...rest } = layout;
  return rest;
}

export function retitled(figure: Figure, title: string): Figure {
  const before = part(figure.layout, "title");
  return { ...figure, layout: { ...figure.layout, title: { ...before, text: escaped(title) } } };
}

function escaped(text: string): string {
  return text.replace(/</g, "&lt;");
}

/** What is said of a change in the list of versions: “Title, kind: pie”. */
export function changeOf(before: Figure, now: Figure, titleChanged: boolean): string {
  const kind = kindOf(now);
  const words = [
    ...(titleChanged ? ["title"] : []),
    ...(kind !== null && kind !== kindOf(before) ? [`kind: ${kind}`] : []),
  ].join(", ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
