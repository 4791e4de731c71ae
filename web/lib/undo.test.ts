import { deleteLater, UNDO_MS } from "./undo";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it is done once the toast has gone", async () => {
  const run = vi.fn(async () => undefined);
  deleteLater({ key: "project:1", said: "Deleted", run });
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
  expect(run).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(run).toHaveBeenCalledExactlyOnceWith(false);
});

test("it is done at once, and once, when the page is left", async () => {
  const run = vi.fn(async () => undefined);
  deleteLater({ key: "project:2", said: "Deleted", run });
  dispatchEvent(new Event("pagehide"));
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(run).toHaveBeenCalledExactlyOnceWith(true);
});
