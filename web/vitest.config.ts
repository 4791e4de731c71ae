import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  oxc: { jsx: { runtime: "automatic" } },
  test: { environment: "jsdom", globals: true, pool: "vmThreads", include: ["{app,components,features,lib}/**/*.test.{ts,tsx}"] },
});
