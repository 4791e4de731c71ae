import { Pages, PAGE_ROWS, pagesOf, type PageOf } from "./pages";
import { columnsIn, edgesOf, rowsIn, scaleOf, scrolledTo, topAfter, topAt } from "./scale";

const page = (offset: number): PageOf => ({ headers: ["n"], types: ["BIGINT"], total: 5_000_000, data: Array.from({ length: PAGE_ROWS }, (_, n) => [offset + n]) });

test("pages in sight are fetched once, those left behind are given up", async () => {
  const asked: number[] = [];
  const given: boolean[] = [];
  const answers: (() => void)[] = [];
  const pages = new Pages((offset, _limit, signal) => {
    asked.push(offset);
    signal.addEventListener("abort", () => given.push(true));
    return new Promise((resolve) => answers.push(() => resolve(page(offset))));
  });
  pages.want(0, 40);
  pages.want(0, 41);
  expect(asked).toEqual([0]);
  answers[0]?.();
  await vi.waitFor(() => expect(pages.row(3)).toEqual([3]));
  expect(pages.snapshot().total).toBe(5_000_000);
  pages.want(0, 42);
  await vi.waitFor(() => expect(asked).toEqual([0, PAGE_ROWS]));
  pages.want(4_000_000, 4_000_040);
  expect(given).toEqual([true]);
  expect(pages.row(4_000_000)).toBeUndefined();
  pages.close();
});

test("an error is told, and tried again", async () => {
  let fails = true;
  const pages = new Pages(async (offset) => {
    if (fails) throw new Error("away");
    return page(offset);
  });
  pages.want(0, 10);
  await vi.waitFor(() => expect(pages.snapshot().error).toEqual(new Error("away")));
  fails = false;
  pages.again();
  await vi.waitFor(() => expect(pages.row(0)).toEqual([0]));
  expect(pages.snapshot().error).toBeNull();
});

test("which pages rows stand on, and the one after", () => {
  expect(pagesOf(0, 10, null)).toEqual([0]);
  expect(pagesOf(0, 10, 1000)).toEqual([0, 1]);
  expect(pagesOf(390, 410, 410)).toEqual([1, 2]);
  expect(pagesOf(0, 10, 10)).toEqual([0]);
});

test("five million rows: every row can be reached, and a small scroll moves by pixels", () => {
  const scale = scaleOf(5_000_000, 640);
  expect(scale.height).toBe(6_000_000);
  expect(rowsIn(scale, topAt(scale, scale.height - 640), 5_000_000, 0).end).toBe(5_000_000);
  const middle = 80_000_000;
  expect(topAfter(scale, middle, scrolledTo(scale, middle), scrolledTo(scale, middle) + 32)).toBe(middle + 32);
  expect(Math.abs(topAt(scale, scrolledTo(scale, middle)) - middle)).toBeLessThan(32);
});

test("columns in sight, the frozen ones aside", () => {
  const edges = edgesOf([100, 100, 100, 100, 100]);
  expect(columnsIn(edges, 1, 0, 150, 0)).toEqual({ first: 1, end: 2 });
  expect(columnsIn(edges, 0, 150, 200, 0)).toEqual({ first: 1, end: 4 });
});
