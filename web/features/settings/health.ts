import { isRecord } from "@/lib/problem";

export interface Check {
  readonly name: string;
  readonly well: boolean;
  readonly says: string;
}

/** The checks of `/health/ready` in words; an answer that is none of ours says so. */
export function checksOf(body: unknown): readonly Check[] {
  const checks = isRecord(body) && isRecord(body["checks"]) ? body["checks"] : null;
  if (checks === null) return [{ name: "API", well: false, says: "It does not answer as it should." }];
  return Object.entries(checks).map(([name, said]) => ({
    name: name.charAt(0).toUpperCase() + name.slice(1),
    well: said === "ok",
    says: said === "ok" ? "Well" : String(said),
  }));
}
