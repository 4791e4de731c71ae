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

/**
 * What the command line calls a project: its name; or its id where another is called so too, as the command line compares
 * names, or where an assistant would put a variable in.
 */
export function calledOf(project: Project, projects: readonly Project[]): string {
  const name = alike(project.name);
  const others = projects.filter(({ id }) => id !== project.id);
  const clear = others.every((other) => alike(other.name) !== name && alike(other.id) !== name);
  return clear && !project.name.includes("${") ? project.name : project.id;
}

function alike(name: string): string {
  return name.toUpperCase().toLowerCase();
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
