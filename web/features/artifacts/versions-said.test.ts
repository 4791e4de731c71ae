import { byWord, versionWords } from "./versions-said";

const version = (more: object) => ({ number: 1, rows: 2, created_by: "me", provenance: null, edit: null, ...more });

test("how a version came about", () => {
  const run = { agent: "user", user_id: "me", code: "x", reads: [] };
  expect(versionWords(version({ provenance: run }), "me")).toBe("Run by you");
  expect(versionWords(version({ provenance: run }), "other")).toBe("Run by another member");
  expect(versionWords(version({ provenance: { ...run, agent: "claude" } }), "me")).toBe("Made by Claude");
  expect(versionWords(version({ provenance: run, edit: { what: "Kind: pie" }, created_by: "x" }), "me")).toBe(
    "Kind: pie, by another member",
  );
  expect(versionWords(version({}), "me")).toBe("Imported");
});

test("who wrote the code", () => {
  expect(byWord({ agent: "quick", userId: null }, "me")).toBe("the quick analyst");
  expect(byWord({ agent: "mcp", userId: null }, "me")).toBe("an assistant (MCP)");
  expect(byWord({ agent: "", userId: null }, "me")).toBe("unknown");
});
