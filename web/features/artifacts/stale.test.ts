import { behind, behindWords } from "./stale";

const read = { sheet: "s.O", sheetId: "1", version: 1, contentHash: "a" };
const sheet = (version: number, hash: string) => ({ id: "1", version, metadata: { content_hash: hash } });

test("a result is behind where a sheet holds other bytes now", () => {
  expect(behind({ reads: [read] }, [sheet(1, "a")])).toEqual([]);
  expect(behind({ reads: [read] }, [sheet(2, "a")])).toEqual([]);
  expect(behind({ reads: [read] }, [sheet(3, "b")])).toEqual([{ read, now: 3 }]);
  expect(behind({ reads: [read] }, [])).toEqual([{ read, now: null }]);
});

test("it is said which version there is now", () => {
  expect(behindWords({ read, now: 3 })).toBe("s.O is at version 3 now; this was made from version 1.");
  expect(behindWords({ read, now: null })).toBe("s.O is not here any more.");
});
