import type { Dataset, Sheet } from "@/features/sheets";
import { linesOf, moveOf } from "./tree";

const dataset = (id: string): Dataset => ({ id, name: id, name_python: id.toLowerCase(), project_id: "p", user_owner: "u", created_at: "" });
const sheet = (name: string, dataset_id: string) => ({ id: name, name, address: `${dataset_id}.${name}`, dataset_id, type: "table" }) as Sheet;
const DATASETS = [dataset("Sales"), dataset("People")];
const SHEETS = [sheet("Orders", "Sales"), sheet("Bills", "Sales"), sheet("Members", "People")];
const shown = (closed: string[], search: string) =>
  linesOf(DATASETS, SHEETS, new Set(closed), search).map((line) => (line.kind === "dataset" ? `${line.dataset.name} ${line.count}` : line.sheet.name));

test("datasets with their sheets, but for those that are closed", () => {
  expect(shown([], "")).toEqual(["Sales 2", "Orders", "Bills", "People 1", "Members"]);
  expect(shown(["Sales"], "")).toEqual(["Sales 2", "People 1", "Members"]);
});

test("a search opens all, and keeps what it finds", () => {
  expect(shown(["Sales"], " BILL ")).toEqual(["Sales 2", "Bills"]);
  expect(shown([], "people")).toEqual(["People 1", "Members"]);
  expect(shown([], "nothing")).toEqual([]);
});

test("keys in the tree", () => {
  const lines = linesOf(DATASETS, SHEETS, new Set(["People"]), "");
  expect(moveOf(lines, 0, "ArrowDown")).toEqual({ to: 1 });
  expect(moveOf(lines, 2, "ArrowLeft")).toEqual({ to: 0 });
  expect(moveOf(lines, 0, "ArrowLeft")).toEqual({ fold: "Sales", open: false });
  expect(moveOf(lines, 3, "ArrowRight")).toEqual({ fold: "People", open: true });
  expect([moveOf(lines, 1, "ArrowRight"), moveOf(lines, 1, "x")]).toEqual([null, null]);
  expect(moveOf(lines, 1, "End")).toEqual({ to: 3 });
});
