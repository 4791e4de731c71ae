import { nameOf, part, titleText, traceType, values, type Figure, type Fields } from "./figure";

export interface Rows {
  readonly headers: readonly string[];
  readonly data: readonly (readonly unknown[])[];
}

/** What a figure shows, as rows: one for each point, by series where there are several. */
export function tableOf(figure: Figure): Rows {
  const single = figure.data.length === 1;
  const shared = sharedAxis(figure);
  if (shared !== null) return shared;
  const rows = figure.data.flatMap((trace, at) => {
    const name = nameOf(trace) || `Series ${at + 1}`;
    return points(trace).map((point) => (single ? point : [name, ...point]));
  });
  const [first, second, ...more] = heads(figure);
  return { headers: [...(single ? [] : ["Series"]), first, second, ...more], data: rows };
}

/** Several series over the same steps: a column for each. */
function sharedAxis(figure: Figure): Rows | null {
  const plain = figure.data.every((t) => ["bar", "scatter"].includes(traceType(t)) && t["orientation"] !== "h");
  if (!plain || figure.data.length < 2) return null;
  const steps = figure.data.map((t) => values(t, "x"));
  const first = steps[0] ?? [];
  if (!steps.every((s) => s.length === first.length && s.every((v, n) => v === first[n]))) return null;
  const columns = figure.data.map((t) => values(t, "y"));
  return {
    headers: [heads(figure)[0], ...figure.data.map((t, n) => nameOf(t) || `Series ${n + 1}`)],
    data: first.map((step, n) => [step, ...columns.map((c) => c[n] ?? null)]),
  };
}

function heads(figure: Figure): [string, string, ...string[]] {
  const type = figure.data[0] ? traceType(figure.data[0]) : "scatter";
  const x = titleText(part(figure.layout, "xaxis")) || "x";
  const y = titleText(part(figure.layout, "yaxis")) || "y";
  if (type === "pie") return ["Label", "Value"];
  if (type === "heatmap" || type === "contour") return [x, y, "Value"];
  if (type === "scatterternary") return ["a", "b", "c"];
  if (type.startsWith("histogram") || type === "box" || type === "violin") return ["x", "y"];
  return [x, y];
}

function points(trace: Fields): readonly (readonly unknown[])[] {
  const type = traceType(trace);
  if (type === "pie") return zipped(values(trace, "labels"), values(trace, "values"));
  if (type === "heatmap" || type === "contour") return cells(trace);
  if (type === "scatterternary") {
    return values(trace, "a").map((a, n) => [a, values(trace, "b")[n] ?? null, values(trace, "c")[n] ?? null]);
  }
  const x = values(trace, "x");
  const y = values(trace, "y");
  return zipped(x.length > 0 || type !== "scatter" ? x : y.map((_, n) => n), y);
}

function cells(trace: Fields): readonly (readonly unknown[])[] {
  const x = values(trace, "x");
  const y = values(trace, "y");
  return values(trace, "z").flatMap((row, r) =>
    Array.isArray(row) ? row.map((value: unknown, c) => [x[c] ?? c, y[r] ?? r, value]) : [],
  );
}

function zipped(a: readonly unknown[], b: readonly unknown[]): readonly (readonly unknown[])[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, n) => [a[n] ?? null, b[n] ?? null]);
}
