import { lettersIn, linesIn, longest, namesOn, shortened, standLevel, ticksFor, widthOf, wrapped, type Axis } from "./chart-labels";
import { part, titleText, traceType, type Fields, type Figure } from "./figure";

export interface Size {
  readonly width: number;
  readonly height: number;
}

const NARROW = 520;
/** What names may take of a drawing: the rest is the data's. */
const SHARE = { width: 0.36, height: 0.3 } as const;
/** What a drawing has around its data: margins, an axis of numbers and its title. */
const AROUND = { width: 70, height: 76 } as const;

/** A figure as it fits a place: bars lie where long names would stand on end, names and titles end in “…”. */
export function fitted<F extends Figure>(figure: F, size: Size): F {
  const whole = turns(figure, size) ? { ...figure, ...lying(figure) } : figure;
  const layout = { ...whole.layout };
  const room = { x: size.width - AROUND.width, y: size.height - AROUND.height };
  const inner = { x: room.x - (namesOn(whole, "y") === null ? 0 : size.width * SHARE.width), y: room.y - below(whole, room.x, size) };
  for (const axis of ["x", "y"] as const) {
    const ticks = ticksIn(whole, axis, size);
    const title = titleText(part(layout, `${axis}axis`));
    const letters = lettersIn(inner[axis]);
    if (ticks === null && title.length <= letters) continue;
    layout[`${axis}axis`] = { ...part(layout, `${axis}axis`), ...ticks, title: { text: wrapped(title, letters) } };
  }
  return { ...whole, layout, data: size.width < NARROW ? whole.data.map(slim) : whole.data };
}

/** What names that stand on end take of the height. */
function below(figure: Figure, width: number, { height }: Size): number {
  const names = namesOn(figure, "x");
  return names === null || standLevel(names, width) ? 0 : Math.min(widthOf(names), height * SHARE.height);
}

function ticksIn(figure: Figure, axis: Axis, size: Size): Fields | null {
  const names = namesOn(figure, axis);
  const given = part(figure.layout, `${axis}axis`);
  if (names === null || "tickvals" in given || "ticktext" in given) return null;
  const inner = { width: size.width - AROUND.width, height: size.height - AROUND.height };
  if (axis === "y") {
    const letters = lettersIn(size.width * SHARE.width);
    const most = linesIn(inner.height);
    return longest(names) > letters || names.length <= most ? ticksFor(figure, axis, { letters, most }) : null;
  }
  if (standLevel(names, inner.width)) return null;
  const letters = lettersIn(size.height * SHARE.height);
  return longest(names) > letters ? ticksFor(figure, axis, { letters, most: linesIn(inner.width) }) : null;
}

/** Whether standing bars had better lie: a narrow place, long names, and a line for each. */
function turns(figure: Figure, size: Size): boolean {
  if (size.width >= NARROW || figure.data.length === 0) return false;
  const { layout, data } = figure;
  if (!data.every((trace) => traceType(trace) === "bar" && trace["orientation"] !== "h" && !("xaxis" in trace && trace["xaxis"] !== "x"))) return false;
  if (Object.keys(layout).some((name) => /^([xy]axis\d+|shapes|annotations|grid)$/.test(name)) || "range" in part(layout, "xaxis")) return false;
  const names = namesOn(figure, "x");
  if (names === null || standLevel(names, size.width - AROUND.width)) return false;
  const lines = layout["barmode"] === "stack" || layout["barmode"] === "relative" ? 1 : data.length;
  return names.length <= linesIn(size.height - AROUND.height) && names.length * lines <= 40;
}

const SWAPPED: Readonly<Record<string, string>> = { x: "y", y: "x", error_x: "error_y", error_y: "error_x", dx: "dy", dy: "dx", x0: "y0", y0: "x0" };
const TEMPLATES = new Set(["hovertemplate", "texttemplate"]);

/** Standing bars laid down, the first at the top. */
function lying({ data, layout }: Figure): Figure {
  const { xaxis: _, yaxis: __, hovermode, ...rest } = layout;
  const across = part(layout, "yaxis");
  const down = part(layout, "xaxis");
  return {
    data: data.map((trace) => ({ ...swapped(trace), orientation: "h" })),
    layout: {
      ...rest,
      ...(typeof hovermode === "string" ? { hovermode: hovermode.replace(/^[xy](?= |$)/, (axis) => SWAPPED[axis] ?? axis) } : {}),
      xaxis: unbound(across),
      yaxis: { ...unbound(down), autorange: down["autorange"] === "reversed" ? true : "reversed" },
    },
  };
}

function swapped(trace: Fields): Fields {
  const entries = Object.entries(trace).filter(([name]) => name !== "xaxis" && name !== "yaxis" && name !== "textangle");
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const turned = TEMPLATES.has(name) && typeof value === "string" ? value.replace(/%\{([xy])(?=[:}|])/g, (_, axis: string) => `%{${SWAPPED[axis] ?? axis}`) : value;
      return [SWAPPED[name] ?? name, turned];
    }),
  );
}

/** An axis without what holds it to its side. */
function unbound(axis: Fields): Fields {
  const { anchor: _, side: __, tickangle: ___, position: ____, domain: _____, ...rest } = axis;
  return rest;
}

/** A pie's long names would leave no room for the pie. */
function slim(trace: Fields): Fields {
  const labels = trace["labels"];
  if (traceType(trace) !== "pie" || !Array.isArray(labels) || "text" in trace || "textinfo" in trace) return trace;
  const names = labels.map(String);
  return longest(names) <= 12 ? trace : { ...trace, text: names.map((name) => shortened(name, 12)), textinfo: "text+percent", hoverinfo: "label+value+percent" };
}
