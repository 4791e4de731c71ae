import type { NextConfig } from "next";

const API = process.env["ORYXFORGE_API"] ?? "http://127.0.0.1:8000";
// What `next dev` leaves to a running API.
const OF_THE_API = [
  "auth/v1", "rest/v1", "realtime/v1", "storage/v1", "projects", "files", "jobs", "datasets", "sheets", "sources",
  "chats", "health", "data/query", "data/load-dataframe", "models", "tokens", "budgets",
];
const EXACT = ["config.json", "me", "chat/stream", "chat/query", "openapi.json", "docs", "redoc"];

const developing = process.env.NODE_ENV === "development";

const config: NextConfig = {
  ...(developing ? {} : { output: "export" as const }),
  reactStrictMode: true,
  poweredByHeader: false,
  experimental: { optimizePackageImports: ["radix-ui", "lucide-react"] },
  turbopack: { root: import.meta.dirname },
};

if (developing) {
  config.rewrites = async () => [
    ...EXACT.map((path) => ({ source: `/${path}`, destination: `${API}/${path}` })),
    ...OF_THE_API.flatMap((path) => [
      { source: `/${path}`, destination: `${API}/${path}` },
      { source: `/${path}/:rest*`, destination: `${API}/${path}/:rest*` },
    ]),
  ];
}

export default config;
