import { checksOf } from "./health";

test("each check in words", () => {
  expect(checksOf({ status: "unavailable", checks: { database: "ok", files: "The disk is full." } })).toEqual([
    { name: "Database", well: true, says: "Well" },
    { name: "Files", well: false, says: "The disk is full." },
  ]);
});

test("an answer of something else", () => {
  expect(checksOf(null)[0]?.well).toBe(false);
});
