import { keepWidths, keptWidths, MOST_SHEETS } from "./kept-widths";

beforeEach(() => localStorage.clear());
afterEach(() => void vi.restoreAllMocks());

const WIDE = new Map([["amount", 240], ["__proto__", 90]]);

test("widths are kept for a sheet and a person, and for no other", () => {
  keepWidths("ada", "s1", WIDE);
  expect(keptWidths("ada", "s1")).toEqual(WIDE);
  expect([keptWidths("ada", "s2").size, keptWidths("bob", "s1").size]).toEqual([0, 0]);
});

test("the sheets looked at last are kept, and nothing of others is touched", () => {
  localStorage.setItem("other", "stays");
  for (let n = 0; n <= MOST_SHEETS; n++) keepWidths("ada", `s${n}`, WIDE, n);
  keepWidths("ada", "s1", WIDE, 500);
  keepWidths("bob", "s1", WIDE, 600);
  expect(["s0", "s1", "s2", "s3"].map((sheet) => keptWidths("ada", sheet).size)).toEqual([0, 2, 0, 2]);
  expect(localStorage).toHaveLength(MOST_SHEETS + 1);
  expect(localStorage.getItem("other")).toBe("stays");
});

test("what makes no sense is left out, and no width is out of bounds", () => {
  for (const text of ["{", "7", '{"widths":5}']) {
    localStorage.setItem("oryxforge-widths:ada:s1", text);
    expect(keptWidths("ada", "s1").size).toBe(0);
  }
  localStorage.setItem("oryxforge-widths:ada:s1", '{"widths":[["a",1e9],["b","x"],["c",null],["d",-4],5]}');
  expect([...keptWidths("ada", "s1")]).toEqual([["a", 1200], ["d", 56]]);
});

test("storage that is full or shut is done without", () => {
  for (const call of ["setItem", "getItem"] as const) {
    vi.spyOn(Storage.prototype, call).mockImplementation(() => {
      throw new DOMException("no", "QuotaExceededError");
    });
  }
  keepWidths("ada", "s1", WIDE);
  expect(keptWidths("ada", "s1").size).toBe(0);
});
