import type { Project } from "@/features/projects";

const NAME = "oryxforge";
const TOKEN = "ORYXFORGE_TOKEN";

/** Where a project's MCP server answers. */
export function mcpAddress(origin: string, projectId: string): string {
  return `${origin}/projects/${projectId}/mcp`;
}

/** Adds the server to Claude Code; the shell puts the token in. */
export function claudeByHttp(address: string): string {
  return [`claude mcp add --transport http ${NAME}`, address, `--header "Authorization: Bearer $${TOKEN}"`].join(" \\\n  ");
}

export function jsonByHttp(address: string): string {
  return servers({ type: "http", url: address, headers: { Authorization: `Bearer $\{${TOKEN}}` } });
}

/** Adds the program of the machine on which OryxForge runs; it needs no token. */
export function claudeByProgram(called: string): string {
  return `claude mcp add ${NAME} -- oryxforge mcp serve --project ${shellWord(called)}`;
}

export function jsonByProgram(called: string): string {
  return servers({ command: "oryxforge", args: ["mcp", "serve", "--project", called] });
}

/** A program here that works with a server elsewhere. */
export function jsonByProgramElsewhere(origin: string, called: string): string {
  return servers({
    command: "oryxforge",
    args: ["mcp", "serve", "--url", origin, "--project", called],
    env: { [TOKEN]: `$\{${TOKEN}}` },
  });
}

/** What the command line calls a project: its name, or its id where two of the person's have that name. */
export function calledOf(project: Project, projects: readonly Project[]): string {
  return projects.some(({ id, name }) => id !== project.id && name === project.name) ? project.id : project.name;
}

/** One word for a shell. Double quotes do in every shell, but some signs keep their meaning in them. */
export function shellWord(text: string): string {
  return /["$`\\!]/.test(text) ? `'${text.replaceAll("'", String.raw`'\''`)}'` : `"${text}"`;
}

/** Whether the page comes from the computer that it is looked at on. */
export function isThisMachine(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

function servers(server: object): string {
  return JSON.stringify({ mcpServers: { [NAME]: server } }, null, 2);
}
