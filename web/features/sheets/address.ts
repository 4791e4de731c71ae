import { projectAddress } from "@/features/projects";
import type { Sheet } from "./queries";

/** Where a sheet is looked at: a table in the grid, a chart or a report as what it is. */
export function addressOfSheet(projectId: string, sheet: Pick<Sheet, "id" | "address" | "type">): string {
  return sheet.type === "table"
    ? projectAddress("data", projectId, { s: sheet.address })
    : projectAddress("artifact", projectId, { a: sheet.id });
}
