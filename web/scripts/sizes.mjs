// Prints the gzipped KB of JavaScript that each page of out/ loads at once.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const out = new URL("../out/", import.meta.url);
const sizes = new Map();

function size(path) {
  if (!sizes.has(path)) sizes.set(path, gzipSync(readFileSync(new URL(`.${path}`, out))).length);
  return sizes.get(path);
}

for (const name of readdirSync(out).filter((n) => n.endsWith(".html")).sort()) {
  const html = readFileSync(new URL(name, out), "utf8");
  const scripts = [...html.matchAll(/<script(?![^>]*nomodule)[^>]* src="([^"]+\.js)"/gi)].map((m) => m[1]);
  const bytes = [...new Set(scripts)].reduce((sum, path) => sum + size(path), 0);
  console.log(`${name.padEnd(20)} ${(bytes / 1024).toFixed(0).padStart(5)} KB`);
}
