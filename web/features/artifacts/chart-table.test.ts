import { tableOf } from "./chart-table";
import { figureOf, type Figure } from "./figure";

const rows = (raw: unknown) => tableOf(figureOf(raw) as Figure);

test("one series has a row for each point, under its axes' names", () => {
  const layout = { xaxis: { title: { text: "Region" } }, yaxis: { title: "Amount" } };
  expect(rows({ data: [{ type: "bar", x: ["N", "S"], y: [1, 2] }], layout })).toEqual({
    headers: ["Region", "Amount"],
    data: [["N", 1], ["S", 2]],
  });
});

test("series over the same steps stand side by side", () => {
  const data = [{ name: "a", x: [1, 2], y: [3, 4] }, { name: "b", x: [1, 2], y: [5, 6] }];
  expect(rows({ data })).toEqual({ headers: ["x", "a", "b"], data: [[1, 3, 5], [2, 4, 6]] });
});

test("other series stand one below the other", () => {
  const data = [{ name: "a", x: [1], y: [3] }, { x: [2], y: [5] }];
  expect(rows({ data })).toEqual({ headers: ["Series", "x", "y"], data: [["a", 1, 3], ["Series 2", 2, 5]] });
});

test("slices and cells", () => {
  expect(rows({ data: [{ type: "pie", labels: ["a"], values: [1] }] }).data).toEqual([["a", 1]]);
  expect(rows({ data: [{ type: "heatmap", x: ["p", "q"], y: ["r"], z: [[1, 2]] }] }).data).toEqual([["p", "r", 1], ["q", "r", 2]]);
});
