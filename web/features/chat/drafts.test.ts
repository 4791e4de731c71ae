import { addToDraft, readDraft, writeDraft } from "./drafts";

test("nothing typed leaves nothing kept", () => {
  writeDraft("p:1", "sum of");
  expect([readDraft("p:1"), readDraft("p:2")]).toEqual(["sum of", ""]);
  writeDraft("p:1", "");
  expect(sessionStorage.length).toBe(0);
});

test("words are added with a space between", () => {
  writeDraft("p:1", "sum of");
  addToDraft("p:1", "@sales.Orders");
  expect(readDraft("p:1")).toBe("sum of @sales.Orders ");
  addToDraft("p:2", "@a.B");
  addToDraft("p:2", "@c.D");
  expect(readDraft("p:2")).toBe("@a.B @c.D ");
});
