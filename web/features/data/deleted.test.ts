import type { Dataset, Sheet } from "@/features/sheets";
import { deletedOf } from "./deleted";

const [EARLY, LATE, LAST] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"];
const dataset = (id: string, deleted_at: string) => ({ id, deleted_at }) as Dataset;
const sheet = (id: string, dataset_id: string, deleted_at: string) => ({ id, dataset_id, deleted_at }) as Sheet;

test("what was deleted last comes first, a dataset before the sheets that went with it", () => {
  const sheets = [sheet("before", "d1", EARLY), sheet("with", "d1", LATE), sheet("alone", "d2", LAST)];
  const all = deletedOf([dataset("d1", LATE), dataset("empty", EARLY)], sheets);
  expect(all.map(({ item }) => item.id)).toEqual(["alone", "d1", "with", "empty", "before"]);
  expect(all.map((one) => (one.kind === "dataset" ? one.sheets : null))).toEqual([null, 1, null, 0, null]);
});
