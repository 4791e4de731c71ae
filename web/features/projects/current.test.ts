import { chosenProject, may, projectAddress } from "./current";
import type { Project } from "./queries";

const project = (id: string): Project => ({
  id,
  name: id,
  user_owner: "u",
  name_git: id,
  role: "editor",
  created_at: "2026-01-01T00:00:00Z",
});
const projects = [project("a"), project("b")];

test("the address decides, then the last one, then the first", () => {
  expect(chosenProject(projects, "b", "a")?.id).toBe("b");
  expect(chosenProject(projects, null, "b")?.id).toBe("b");
  expect(chosenProject(projects, null, "gone")?.id).toBe("a");
  expect(chosenProject([], null, null)).toBeUndefined();
});

test("an address that names no project of mine finds none", () => {
  expect(chosenProject(projects, "gone", "a")).toBeUndefined();
});

test("roles", () => {
  expect(may({ role: "editor" }, "viewer")).toBe(true);
  expect(may({ role: "editor" }, "owner")).toBe(false);
});

test("addresses of a project's screens", () => {
  expect(projectAddress("chat", "a", { c: "1" })).toBe("/chat?p=a&c=1");
});
