import { sinceWhen } from "./dates";

const NOW = Date.parse("2026-11-24T12:00:00Z");

test.each([
  ["2026-11-24T11:59:30Z", "just now"],
  ["2026-11-24T11:58:00Z", "2 minutes ago"],
  ["2026-11-23T11:00:00Z", "yesterday"],
  ["2026-11-10T12:00:00Z", "2 weeks ago"],
  ["2026-11-24T12:00:05Z", "just now"],
])("%s is %s", (iso, words) => {
  expect(sinceWhen(iso, NOW)).toBe(words);
});
