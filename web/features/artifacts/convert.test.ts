import { changeOf, converted, kindOf, KINDS, kindsFor, retitled } from "./convert";
import { figureOf, titleText, type Figure } from "./figure";

const figure = (raw: unknown) => figureOf(raw) as Figure;
const BARS = figure({ data: [{ type: "bar", name: "n", x: ["a", "b"], y: [1, 2] }], layout: { bargap: 0.1 } });
const TWO = figure({ data: [{ x: [1], y: [1] }, { x: [1], y: [2] }] });

test("the kind of a figure", () => {
  expect(kindOf(BARS)).toBe("bar");
  expect(kindOf(TWO)).toBe("line");
  expect(kindOf(figure({ data: [{ mode: "markers", y: [1] }] }))).toBe("points");
  expect(kindOf(figure({ data: [{ mode: "lines", fill: "tozeroy", y: [1] }] }))).toBe("area");
  expect(kindOf(figure({ data: [{ type: "bar" }, { y: [1] }] }))).toBeNull();
});

test("kinds that fit", () => {
  expect(kindsFor(BARS)).toEqual(KINDS.map(([kind]) => kind));
  expect(kindsFor(TWO)).not.toContain("pie");
  expect(kindsFor(figure({ data: [{ type: "bar", x: ["a"], y: [-1] }] }))).not.toContain("pie");
  expect(kindsFor(figure({ data: [{ type: "heatmap", z: [[1]] }] }))).toEqual([]);
});

test.each(KINDS.map(([kind]) => kind))("to %s and back to bars, the values stay", (kind) => {
  const there = converted(BARS, kind);
  expect(kindOf(there)).toBe(kind);
  expect(converted(there, "bar").data).toEqual(BARS.data);
});

test("lying bars stand up, their axes with them", () => {
  const flat = figure({
    data: [{ type: "bar", orientation: "h", x: [1, 2], y: ["a", "b"] }],
    layout: { xaxis: { title: { text: "n" } }, yaxis: { title: { text: "who" }, autorange: "reversed" } },
  });
  const line = converted(flat, "line");
  expect(line.data[0]).toMatchObject({ x: ["a", "b"], y: [1, 2] });
  expect(line.layout).toEqual({ xaxis: { title: { text: "who" } }, yaxis: { title: { text: "n" } } });
});

test("several areas are stacked, unless a value is below zero", () => {
  expect(converted(TWO, "area").data[0]).toMatchObject({ stackgroup: "one" });
  const below = figure({ data: [{ y: [-1] }, { y: [2] }] });
  expect(converted(below, "area").data[0]).toMatchObject({ fill: "tozeroy" });
});

test("a title is text, whatever it holds", () => {
  const titled = retitled(BARS, "<b>x</b> & y");
  expect(titled.layout["title"]).toEqual({ text: "&lt;b>x&lt;/b> & y" });
  expect(titleText(titled.layout)).toBe("<b>x</b> & y");
});

test("what was changed, in words", () => {
  expect(changeOf(BARS, converted(BARS, "pie"), true)).toBe("Title, kind: pie");
  expect(changeOf(BARS, BARS, true)).toBe("Title");
});
