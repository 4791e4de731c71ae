import { forgetDrafts, readDraftText, writeDraftText } from "./drafts";

const inStorage = () => Object.keys(sessionStorage);

test("what is typed is kept by place, and over a reload", () => {
  writeDraftText("ada:p:1", "sum of");
  expect([readDraftText("ada:p:1"), readDraftText("bob:p:1")]).toEqual(["sum of", null]);
  expect(sessionStorage.getItem("oryxforge-draft:ada:p:1")).toBe("sum of");
  writeDraftText("ada:p:1", null);
  expect([readDraftText("ada:p:1"), inStorage()]).toEqual([null, []]);
});

test("who signs out leaves nothing that was typed", () => {
  sessionStorage.setItem("another", "stays");
  writeDraftText("ada:p:1", "sum of");
  writeDraftText("ada:code:2", "select 1");
  forgetDrafts();
  expect([readDraftText("ada:p:1"), readDraftText("ada:code:2")]).toEqual([null, null]);
  expect(inStorage()).toEqual(["another"]);
});
