import { failureWords, withoutEcho } from "./failure";
import type { Item } from "./items";

const SPENT = "Your budget of $0.01 a month is spent.";
const failed = { status: "failed", error: { detail: `The answer was stopped. ${SPENT}` } } as const;
const said: Item = { kind: "said", seq: 1, text: "So far" };
const note: Item = { kind: "note", seq: 2, code: "budget_spent", text: failed.error.detail };

test("a reason is said once, whether at the prompt or below the answer", () => {
  expect(failureWords(failed, null)).toBe(failed.error.detail);
  expect(failureWords(failed, SPENT)).toBe("The answer was stopped.");
  expect(failureWords({ ...failed, error: { detail: SPENT } }, SPENT)).toBe(SPENT);
  expect(failureWords({ status: "failed", error: null }, null)).toBe("The answer failed. Ask again, or in other words.");
});

test("a note that only repeats the reason is left out until the chat goes on", () => {
  expect(withoutEcho([said, note], failed)).toEqual([said]);
  const other: Item = { ...note, text: "Read as: total by region." };
  expect(withoutEcho([said, other], failed)).toEqual([said, other]);
  expect(withoutEcho([said, note], { status: "completed", error: null })).toEqual([said, note]);
});
