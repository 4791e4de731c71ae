// @vitest-environment node
import { progressWords, received } from "./exporting";

test("a file is put together from its parts, and how far it is is told", async () => {
  vi.useFakeTimers();
  const parts = ["id,", "name\n", "1,x\n"].map((part) => new TextEncoder().encode(part));
  const body = new ReadableStream<Uint8Array>({
    pull(stream) {
      vi.advanceTimersByTime(500);
      const part = parts.shift();
      if (part === undefined) stream.close();
      else stream.enqueue(part);
    },
  });
  const told: string[] = [];
  const answer = new Response(body, { headers: { "content-length": "12", "content-type": "text/csv" } });
  const file = await received(answer, (done, all) => told.push(progressWords(done, all)));
  expect([file.size, file.type]).toEqual([12, "text/csv"]);
  expect(told.at(-1)).toBe("12 bytes of 12 bytes");
  expect(progressWords(2_500_000, null)).toBe("2.5 MB");
  vi.useRealTimers();
});
