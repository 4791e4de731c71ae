// Writes lib/api-schema.ts from the API's own description: node scripts/api-types.mjs [OPENAPI.json] [OUT.ts]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";

const root = new URL("../..", import.meta.url).pathname;
const [given, out = join(root, "web/lib/api-schema.ts")] = process.argv.slice(2);

function described() {
  if (given) return readFileSync(given, "utf8");
  const folder = mkdtempSync(join(tmpdir(), "oryxforge-api-"));
  try {
    const file = join(folder, "openapi.json");
    execFileSync(join(root, ".venv/bin/python"), [join(root, "scripts/openapi.py"), file]);
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const types = astToString(await openapiTS(JSON.parse(described())));
writeFileSync(out, `// Written by \`npm run api-types\` from the API's description.\n${types}`);
