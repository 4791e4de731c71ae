import { el, svg } from "./dom.js";

const WIDTH = Math.min(700, innerWidth - 56);
const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [300, 56, 12, 12, 52];
const COLOURS = 6;
const short = (text) => (String(text).length > 14 ? `${String(text).slice(0, 13)}…` : String(text));
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const shown = (v) => (Math.abs(v) < 10_000 ? String(Number(v.toPrecision(4))) : compact.format(v));

/** A Plotly figure of bars, lines or points as SVG; null for other kinds. */
export function chart(figure, title) {
  const traces = (figure?.data ?? []).map(plain);
  if (!traces.length || traces.some((t) => t === null)) return null;
  const kinds = new Set(traces.map((t) => t.kind));
  const numeric = !kinds.has("bar") && traces.every((t) => t.x.every((x) => typeof x === "number"));
  const categories = numeric ? [] : [...new Set(traces.flatMap((t) => t.x))];
  const across = numeric ? numberScale(traces.flatMap((t) => t.x), LEFT, WIDTH - RIGHT, false)
    : bandScale(categories, LEFT, WIDTH - RIGHT);
  const up = numberScale(traces.flatMap((t) => t.y), HEIGHT - BOTTOM, TOP, kinds.has("bar"));
  const bars = traces.filter((t) => t.kind === "bar");
  const drawn = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title, class: "chart" },
    up.ticks.map((tick) => [
      svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: up.at(tick), y2: up.at(tick) }),
      svg("text", { x: LEFT - 8, y: up.at(tick) + 4, "text-anchor": "end" }, shown(tick)),
    ]),
    labels(across),
    traces.map((trace, n) => draw(trace, n, across, up, bars)));
  return traces.length > 1 ? [drawn, legend(traces)] : [drawn];
}

function plain(trace) {
  const kind = trace.type ?? "scatter";
  if (kind === "pie") return { kind: "bar", name: trace.name, x: trace.labels ?? [], y: numbers(trace.values) };
  if (kind === "histogram") return binned(numbers(trace.x ?? trace.y).filter(Number.isFinite), trace.name);
  if (!["bar", "scatter", "scattergl"].includes(kind) || !trace.y) return null;
  const flat = trace.orientation === "h";
  const [x, y] = flat ? [trace.y, trace.x] : [trace.x ?? trace.y.map((_, n) => n), trace.y];
  const lines = (trace.mode ?? "lines").includes("lines");
  return { kind: kind === "bar" ? "bar" : lines ? "line" : "points", name: trace.name, x: [...x], y: numbers(y) };
}

const numbers = (values) => [...(values ?? [])].map((v) => (v === null ? NaN : Number(v)));

function binned(values, name) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const count = Math.max(1, Math.min(30, Math.ceil(Math.sqrt(values.length))));
  const step = (high - low) / count || 1;
  const y = Array(count).fill(0);
  for (const value of values) y[Math.min(count - 1, Math.floor((value - low) / step))] += 1;
  return { kind: "bar", name, x: y.map((_, n) => shown(low + n * step)), y };
}

function numberScale(values, from, to, withZero) {
  const known = values.filter(Number.isFinite);
  let low = Math.min(...known, ...(withZero ? [0] : []));
  let high = Math.max(...known, ...(withZero ? [0] : []));
  if (!Number.isFinite(low)) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 1, high + 1];
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((s) => s * power >= rough) * power;
  [low, high] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, n) => low + n * step);
  return { ticks, at: (v) => from + ((v - low) / (high - low)) * (to - from), width: 0, zero: Math.max(low, 0) };
}

function bandScale(categories, from, to) {
  const width = (to - from) / (categories.length || 1);
  const places = new Map(categories.map((c, n) => [c, from + (n + 0.5) * width]));
  const every = Math.ceil((categories.length * 56) / (to - from));
  return { ticks: categories.filter((_, n) => n % every === 0), at: (v) => places.get(v), width };
}

function labels(across) {
  return across.ticks.map((tick) => {
    const x = across.at(tick);
    const text = typeof tick === "number" ? shown(tick) : short(tick);
    return svg("text", { x, y: HEIGHT - BOTTOM + 18, "text-anchor": "end", transform: `rotate(-25 ${x} ${HEIGHT - BOTTOM + 14})` }, text);
  });
}

function draw(trace, n, across, up, bars) {
  const colour = `s${n % COLOURS}`;
  const points = trace.x.map((x, i) => [across.at(x), up.at(trace.y[i]), x, trace.y[i]])
    .filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
  const tip = (x, y) => svg("title", {}, `${trace.name ? `${trace.name}, ` : ""}${x}: ${y}`);
  if (trace.kind === "bar") {
    const width = (across.width * 0.8) / bars.length;
    const start = bars.indexOf(trace) * width - across.width * 0.4;
    return points.map(([px, py, x, y]) => {
      const zero = up.at(up.zero);
      return svg("rect", { class: colour, x: px + start, y: Math.min(py, zero), width, height: Math.abs(zero - py) }, tip(x, y));
    });
  }
  const dots = points.map(([px, py, x, y]) => svg("circle", { class: colour, cx: px, cy: py, r: 3 }, tip(x, y)));
  if (trace.kind === "points") return dots;
  return [svg("polyline", { class: `line ${colour}`, points: points.map(([x, y]) => `${x},${y}`).join(" ") }),
    points.length <= 60 ? dots : null];
}

function legend(traces) {
  return el("p", { class: "legend" }, traces.map((trace, n) => el("span", {},
    svg("svg", { viewBox: "0 0 1 1" }, svg("rect", { class: `s${n % COLOURS}`, width: 1, height: 1 })),
    trace.name ?? `series ${n + 1}`)));
}
