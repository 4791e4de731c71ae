import { gapAt, lineAt, pullAt } from "./column-drag";
import { layoutOf } from "./layout";
import { PLAIN } from "./view";

const COLUMNS = ["a", "b", "c", "d"].map((name) => ({ name, type: "VARCHAR" }));
const layout = (frozen: string[] = []) => layoutOf(COLUMNS, { ...PLAIN, frozen }, new Map(COLUMNS.map(({ name }) => [name, 100])), 10);
const plain = layout();
const frozen = layout(["a", "b"]);
const { gutter } = plain;

test("a column lands beside the one whose nearer half it is over", () => {
  expect([-50, 49, 51, 149, 151, 390, 900].map((x) => gapAt(plain, 0, gutter + x, 0))).toEqual([0, 0, 1, 1, 2, 4, 4]);
  expect(gapAt(plain, 0, gutter + 51, 100)).toBe(2);
});

test("it stays on its own side of the frozen ones", () => {
  expect(gapAt(frozen, 0, gutter + 390, 0)).toBe(2);
  expect(gapAt(frozen, 3, gutter + 10, 0)).toBe(2);
  expect(gapAt(frozen, 3, gutter + 10, 120)).toBe(3);
});

test("the line stands where it lands, in sight", () => {
  expect([lineAt(plain, 0, 2, 30), lineAt(frozen, 0, 1, 30), lineAt(frozen, 3, 3, 30)]).toEqual([gutter + 170, gutter + 100, gutter + 270]);
  expect(lineAt(frozen, 3, 2, 30)).toBe(gutter + 200);
});

test("near the edges it scrolls, the faster the nearer; a frozen one does not", () => {
  const pull = (x: number) => pullAt(frozen, 3, x, 600);
  expect([pull(400), pull(600 - 24), pull(600), pull(900), pull(gutter + 224), pull(0)]).toEqual([0, 9, 18, 18, -9, -18]);
  expect(pullAt(frozen, 1, 600, 600)).toBe(0);
});
