import { pressed, shownKeys, typed } from "./keys";

const KNOWN = ["g p", "g s", "?", "mod+k"];

test("a sequence of keys", () => {
  const first = typed("", "g", KNOWN);
  expect(first).toEqual({ buffer: "g", match: null });
  expect(typed(first.buffer, "p", KNOWN)).toEqual({ buffer: "", match: "g p" });
});

test("a press that leads nowhere begins anew", () => {
  expect(typed("g", "?", KNOWN)).toEqual({ buffer: "", match: "?" });
  expect(typed("g", "g", KNOWN)).toEqual({ buffer: "g", match: null });
  expect(typed("g", "x", KNOWN)).toEqual({ buffer: "", match: null });
});

test("presses are named", () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false };
  expect(pressed({ ...plain, key: "K", metaKey: true })).toBe("mod+k");
  expect(pressed({ ...plain, key: "?" })).toBe("?");
  expect(pressed({ ...plain, key: "Shift" })).toBeNull();
});

test("keys as a keyboard shows them", () => {
  expect(shownKeys("mod+k", true)).toEqual(["⌘", "K"]);
  expect(shownKeys("g p", false)).toEqual(["G", "P"]);
});
