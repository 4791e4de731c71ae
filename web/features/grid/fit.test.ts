import { fitting, type Measure } from "./fit";

/** Ten pixels a letter, but for a 1. */
const measure: Measure = (text) => [...text].reduce((px, letter) => px + (letter === "1" ? 4 : 10), 0);
const fit = (cells: readonly unknown[], type = "VARCHAR", name = "a") => fitting({ name, type }, 1, cells.map((cell) => [0, cell]), measure);

test("the widest cell is not cut, wherever it stands", () => {
  expect(fit(["x".repeat(20), "x".repeat(30), "x"])).toBe(322);
  expect(fit(["x".repeat(290)])).toBe(1200);
});

test("the name and the arrow of its order are not cut", () => {
  expect(fit([], "VARCHAR", "n".repeat(30))).toBe(300 + 18 + 50);
  expect(fit([null, true, undefined], "BOOLEAN")).toBe("yes or no".length * 10 + 50);
});

test("figures of one width are measured as such, texts as they are", () => {
  expect(fit(["1".repeat(40)], "DECIMAL(38,0)")).toBe(422);
  expect(fit(["1".repeat(40)], "VARCHAR")).toBe(182);
});
