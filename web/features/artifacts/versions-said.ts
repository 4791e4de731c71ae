import { provenanceOf, type Provenance } from "./artifact";
import { rowsWord } from "./cells";

const AGENTS: Readonly<Record<string, string>> = {
  claude: "Claude",
  quick: "the quick analyst",
  python: "a notebook",
  mcp: "an assistant (MCP)",
};

/** Who wrote the code of a result. */
export function byWord({ agent, userId }: Pick<Provenance, "agent" | "userId">, me: string): string {
  if (agent === "user") return userId === me ? "you" : "another member";
  return AGENTS[agent] ?? (agent || "unknown");
}

export interface Made {
  readonly number: number;
  readonly rows: number;
  readonly created_by: string;
  readonly provenance: unknown;
  readonly edit: unknown;
}

/** How a version came about: “Kind: pie, by you”, “Run by you”, “Made by Claude”. */
export function versionWords(version: Made, me: string): string {
  const edit = version.edit as { what?: unknown } | null;
  if (edit !== null && edit !== undefined) {
    return `${String(edit.what ?? "Changed")}, by ${version.created_by === me ? "you" : "another member"}`;
  }
  const provenance = provenanceOf({ provenance: version.provenance });
  if (provenance === null) return "Imported";
  return provenance.agent === "user" ? `Run by ${byWord(provenance, me)}` : `Made by ${byWord(provenance, me)}`;
}

export function sizeWords(version: Made, type: string): string {
  return type === "table" ? rowsWord(version.rows) : "";
}
