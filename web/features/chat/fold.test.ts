import type { Row } from "@/lib/chat-feed.mjs";
import { answerText, fold, NOTHING } from "./fold";

const row = (seq: number, kind: string, content = "", metadata = {}, role = "assistant"): Row => ({
  seq, role, kind, content, metadata,
});
const asked = (seq: number, text: string) => row(seq, "text", text, { agent: "quick" }, "user");

const ROWS: Row[] = [
  asked(1, "total?"),
  row(2, "notice", "", { code: "reading", text: "The total." }),
  row(3, "thinking", "", { text: "Let me " }),
  row(4, "thinking", "", { text: "see." }),
  row(5, "tool_use", "", { id: "a", tool: "run_sql", input: { sql: "select 1" } }),
  row(6, "tool_use", "", { id: "b", tool: "run_sql", input: { sql: "select 2" } }),
  row(7, "tool_result", "", { id: "a", ok: true, text: "1 row", duration_ms: 4, result: { headers: ["x"], data: [[1]], total: 9 } }),
  row(8, "text", "It is "),
  row(9, "text", ""),
  row(10, "text", "42."),
  row(11, "artifact", "", { type: "table", title: "Total" }),
  row(12, "question", "", { text: "More?", choices: [{ label: "Yes", prompt: "more" }, { label: "No" }, 3] }),
  asked(13, "more"),
];

test("what stands before the start is left out, and comes with what is before it", () => {
  const end = fold(NOTHING, ROWS, 12);
  expect(end.items.map((i) => i.kind)).toEqual(["asked"]);
  const more = fold(end, [...ROWS, row(14, "text", "On.")], 12);
  expect(more.items[0]).toBe(end.items[0]);
  expect(fold(end, ROWS).items).toEqual(fold(NOTHING, ROWS).items);
});

test("pieces become what is shown", () => {
  const { items } = fold(NOTHING, ROWS);
  expect(items.map((i) => i.kind)).toEqual(["asked", "note", "thought", "step", "step", "said", "made", "offer", "asked"]);
  expect(items[2]).toMatchObject({ text: "Let me see." });
  expect(items[3]).toMatchObject({ result: { ok: true, ms: 4, table: { headers: ["x"], rows: [[1]], total: 9 } } });
  expect(items[4]).toMatchObject({ result: null });
  expect(items[5]).toMatchObject({ seq: 8, text: "It is 42." });
  expect(items[7]).toMatchObject({ choices: [{ label: "Yes", prompt: "more" }, { label: "No", prompt: "No" }] });
});

test("one by one or at once, the same", () => {
  let folded = NOTHING;
  for (let count = 1; count <= ROWS.length; count++) folded = fold(folded, ROWS.slice(0, count));
  expect(folded).toEqual(fold(NOTHING, ROWS));
});

test("what did not change keeps its identity", () => {
  const before = fold(NOTHING, ROWS.slice(0, 8));
  const after = fold(before, ROWS.slice(0, 10));
  expect(after.items.slice(0, 5).every((item, at) => item === before.items[at])).toBe(true);
  expect(fold(after, ROWS.slice(0, 10))).toBe(after);
});

test("what a restarted attempt supersedes goes", () => {
  const before = fold(NOTHING, ROWS.slice(0, 8));
  const restarted = [ROWS[0]!, row(9, "notice", "", { code: "attempt_restarted", text: "Again." }), row(10, "text", "New.")];
  expect(fold(before, restarted).items.map((i) => i.kind)).toEqual(["asked", "note", "said"]);
});

test("a result of nothing known is left out", () => {
  expect(fold(NOTHING, [row(1, "tool_result", "", { id: "gone" })]).items).toEqual([]);
});

test("the text of an answer is that of its own turn", () => {
  const { items } = fold(NOTHING, [...ROWS, row(14, "text", "Second.")]);
  expect(answerText(items, 7)).toBe("It is 42.");
  expect(answerText(items, 9)).toBe("Second.");
});
