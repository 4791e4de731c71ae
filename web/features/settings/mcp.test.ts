import { execFileSync } from "node:child_process";
import type { Project } from "@/features/projects";
import {
  calledOf, claudeByHttp, claudeByProgram, isThisMachine, jsonByHttp, jsonByProgram, jsonByProgramElsewhere, mcpAddress, shellWord,
} from "./mcp";

const NAMES = ["Sales 2026", `"quoted"`, "it's $HOME", "`id` $(id) ${HOME}", String.raw`back\slash\\`, "wow!!", `'"'`, "größer & <b>;|", "-p"];

/** The words that a shell makes of a line. */
function words(line: string): readonly string[] {
  const env = { ...process.env, ORYXFORGE_TOKEN: "oryx_1" };
  const told = execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { env });
  return String(told).split("\n").slice(0, -1);
}

test.each(NAMES)("a shell reads %s as one word, as it is", (name) => {
  expect(words(shellWord(name))).toEqual([name]);
  expect(words(claudeByProgram(name))).toEqual(
    ["claude", "mcp", "add", "oryxforge", "--", "oryxforge", "mcp", "serve", "--project", name],
  );
});

test("plain names stand in the quotes that every shell has", () => {
  expect(shellWord("it's Sales")).toBe(`"it's Sales"`);
});

test("over http a shell puts the token in", () => {
  const address = mcpAddress("http://127.0.0.1:8000", "p1");
  expect(address).toBe("http://127.0.0.1:8000/projects/p1/mcp");
  expect(words(claudeByHttp(address)).slice(4)).toEqual(
    ["http", "oryxforge", address, "--header", "Authorization: Bearer oryx_1"],
  );
});

test("the JSON of each way", () => {
  const server = (text: string) => (JSON.parse(text) as { mcpServers: { oryxforge: unknown } }).mcpServers.oryxforge;
  expect(server(jsonByHttp("http://o/projects/p1/mcp"))).toEqual({
    type: "http",
    url: "http://o/projects/p1/mcp",
    headers: { Authorization: "Bearer ${ORYXFORGE_TOKEN}" },
  });
  for (const name of NAMES) {
    expect(server(jsonByProgram(name))).toEqual({ command: "oryxforge", args: ["mcp", "serve", "--project", name] });
  }
  expect(server(jsonByProgramElsewhere("https://o.example", "Sales"))).toEqual({
    command: "oryxforge",
    args: ["mcp", "serve", "--url", "https://o.example", "--project", "Sales"],
    env: { ORYXFORGE_TOKEN: "${ORYXFORGE_TOKEN}" },
  });
});

test("a project is called by its name, unless another has it too", () => {
  const project = (id: string, name: string): Project => ({
    id, name, user_owner: "u", name_git: id, role: "editor", created_at: "2026-01-01T00:00:00Z",
  });
  const [mine, shared, other] = [project("a", "Sales"), project("b", "Sales"), project("c", "Costs")];
  expect(calledOf(mine, [mine, shared, other])).toBe("a");
  expect(calledOf(other, [mine, shared, other])).toBe("Costs");
  for (const name of ["costs", "C", "Costs of ${HOME}"]) {
    expect(calledOf(project("d", name), [mine, other, project("d", name)])).toBe("d");
  }
});

test("which pages come from this machine", () => {
  for (const here of ["http://127.0.0.1:8000", "http://localhost:3000", "http://[::1]:8000"]) expect(isThisMachine(here)).toBe(true);
  for (const there of ["https://oryx.example", "http://127.0.0.1.example", "http://10.0.0.2:8000"]) expect(isThisMachine(there)).toBe(false);
});
