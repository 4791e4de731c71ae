import { fitted } from "./chart-fit";
import type { Figure } from "./figure";

const NAMES = ["Nintendo", "Sony Computer Entertainment", "Konami Digital Entertainment", "Capcom"];
const PHONE = { width: 340, height: 256 };
const DESK = { width: 1000, height: 400 };

function bars(layout: Figure["layout"] = {}, more: object = {}): Figure {
  return { data: [{ type: "bar", x: NAMES, y: [4, 3, 2, 1], ...more }], layout };
}

test("long names under bars: the bars lie where the place is narrow, the first at the top", () => {
  const layout = { xaxis: { title: { text: "Publisher" }, anchor: "y", tickangle: -45 }, yaxis: { title: { text: "Sum" } }, hovermode: "x unified" };
  const { data, layout: laid } = fitted(bars(layout, { hovertemplate: "P=%{x}<br>S=%{y:.2f}", error_y: { array: [1] } }), PHONE);
  expect(data[0]).toEqual({ type: "bar", orientation: "h", y: NAMES, x: [4, 3, 2, 1], hovertemplate: "P=%{y}<br>S=%{x:.2f}", error_x: { array: [1] } });
  expect(laid["xaxis"]).toMatchObject({ title: { text: "Sum" } });
  expect(laid["yaxis"]).toMatchObject({ title: { text: "Publisher" }, autorange: "reversed" });
  expect(laid["yaxis"]).not.toHaveProperty("anchor");
  expect(laid["hovermode"]).toBe("y unified");
});

test("names end in … and ticks stand beside them, so that the pointer tells them whole", () => {
  const { yaxis } = fitted(bars(), PHONE).layout as { yaxis: { tickvals: number[]; ticktext: string[] } };
  expect(yaxis.ticktext).toEqual(["Nintendo", "Sony Computer Ent…", "Konami Digital En…", "Capcom"]);
  expect(yaxis.tickvals.map((at) => Math.round(at))).toEqual([0, 1, 2, 3]);
  expect(yaxis.tickvals.every((at, n) => at > n)).toBe(true);
});

test.each([
  ["total ascending", ["Capcom", "Konami Digital En…", "Sony Computer Ent…", "Nintendo"]],
  ["category descending", ["Sony Computer Ent…", "Nintendo", "Konami Digital En…", "Capcom"]],
])("ticks follow an axis ordered by %s", (categoryorder, texts) => {
  const { yaxis } = fitted(bars({ xaxis: { categoryorder } }), PHONE).layout as { yaxis: { ticktext: string[] } };
  expect(yaxis.ticktext).toEqual(texts);
});

test.each([
  ["names that fit", { data: [{ type: "bar", x: ["N", "S"], y: [1, 2] }], layout: {} }, PHONE],
  ["dates", { data: [{ type: "bar", x: ["2024-01-01 00:00", "2024-02-01 00:00", "2024-03-01 00:00"], y: [1, 2, 3] }], layout: {} }, PHONE],
  ["room enough", bars(), DESK],
  ["marks at places", bars({ shapes: [{ x0: 0 }] }), DESK],
])("%s stay as they are", (_, figure: Figure, size) => {
  expect(fitted(figure, size)).toEqual(figure);
});

test("more names than lines: the bars stand, their names are short, and not all are written", () => {
  const names = Array.from({ length: 60 }, (_, n) => `A rather long category name ${n}`);
  const figure: Figure = { data: [{ type: "bar", x: names, y: names.map((_, n) => n) }], layout: {} };
  const { data, layout } = fitted(figure, PHONE);
  expect(data[0]).not.toHaveProperty("orientation");
  const { ticktext } = layout["xaxis"] as { ticktext: string[] };
  expect(ticktext.length).toBeLessThan(20);
  expect(ticktext[0]).toBe("A rather l…");
});

test("a long title of an axis goes on in a second line, and then ends", () => {
  const title = "The sum of all of the global sales in millions of units since 1980";
  const { layout } = fitted({ data: [{ type: "bar", x: ["a"], y: [1] }], layout: { yaxis: { title: { text: title } } } }, PHONE);
  expect(layout["yaxis"]).toMatchObject({ title: { text: "The sum of all of the<br>global sales in millions o…" } });
});

test("a pie keeps room beside long names", () => {
  const pie = { data: [{ type: "pie", labels: NAMES, values: [1, 2, 3, 4] }], layout: {} };
  expect(fitted(pie, PHONE).data[0]).toMatchObject({ text: ["Nintendo", "Sony Comput…", "Konami Digi…", "Capcom"], textinfo: "text+percent" });
  expect(fitted(pie, DESK)).toEqual(pie);
});
