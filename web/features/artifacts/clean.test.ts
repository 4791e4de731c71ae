import { cleanText, drawable, MOST_POINTS } from "./clean";
import { figureOf, type Figure } from "./figure";

const drawn = (raw: unknown) => drawable(figureOf(raw) as Figure);

test("links, images, buttons and foreign looks are left out of a figure", () => {
  const safe = drawn({
    data: [{ type: "bar", x: ["<a href='http://evil'>a</a>"], y: [1], hoverlabel: { bgcolor: "red" }, marker: { color: "#636efa" } }],
    layout: {
      images: [{ source: "http://evil/x.png" }],
      updatemenus: [{}],
      template: { layout: {} },
      paper_bgcolor: "#fff",
      xaxis: { title: "<b>Region</b>", tickfont: { color: "#000" }, type: "category" },
      annotations: [{ text: "<a href='x'>hit</a>", font: { color: "#fff" } }],
    },
  });
  expect(safe.data[0]).toEqual({ type: "bar", visible: true, x: ["&lt;a href='http://evil'>a&lt;/a>"], y: [1], marker: {} });
  expect(safe.layout).toEqual({
    xaxis: { title: { text: "Region" }, type: "category" },
    annotations: [{ text: "&lt;a href='x'>hit&lt;/a>" }],
  });
});

test("bold, breaks and the end of a hover stay mark-up", () => {
  expect(cleanText("<b>a</b><br>%{y}<extra></extra> 1 < 2")).toBe("<b>a</b><br>%{y}<extra></extra> 1 < 2");
  expect(cleanText("<b onclick=x>a")).toBe("&lt;b onclick=x>a");
  expect(cleanText("<IMG src=x>")).toBe("&lt;IMG src=x>");
});

test("a chosen colour stays, Plotly's own do not", () => {
  const safe = drawn({ data: [{ type: "bar", y: [1], marker: { color: "crimson" } }, { y: [1], line: { color: "#EF553B" } }] });
  expect(safe.data[0]?.["marker"]).toEqual({ color: "crimson" });
  expect(safe.data[1]?.["line"]).toEqual({});
});

test("kinds that can't be drawn are said", () => {
  const safe = drawn({ data: [{ type: "scatter3d", x: [1] }, { type: "scattergl", y: [1] }] });
  expect(safe.data.map((t) => t["type"])).toEqual(["scatter"]);
  expect(safe.notes).toEqual(["Series of the kind “scatter3d” can't be drawn here."]);
});

test("too many points are picked evenly, all lists alike, and it is said", () => {
  const x = Array.from({ length: 50_000 }, (_, n) => n);
  const safe = drawn({ data: [{ x, y: x, marker: { size: x } }] });
  const trace = safe.data[0] as { x: number[]; marker: { size: number[] } };
  expect(trace.x).toHaveLength(MOST_POINTS);
  expect([trace.x[0], trace.x.at(-1)]).toEqual([0, 49_999]);
  expect(trace.marker.size).toEqual(trace.x);
  expect(safe.notes).toEqual(["20,000 of 50,000 points are drawn, picked evenly."]);
});

test("packed numbers are unpacked", () => {
  const packed = { dtype: "f8", bdata: btoa(String.fromCharCode(...new Uint8Array(new Float64Array([1.5, 2]).buffer))) };
  expect(drawn({ data: [{ y: packed }] }).data[0]?.["y"]).toEqual([1.5, 2]);
});

test("what is no figure is none", () => {
  expect(figureOf(null)).toBeNull();
  expect(figureOf({ data: {} })).toBeNull();
  expect(figureOf({ data: [1, { y: [1] }] })?.data).toEqual([{ y: [1] }]);
});
