import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { Shell } from "@/features/shell";
import "./globals.css";
import { Providers } from "./providers";

export const metadata: Metadata = {
  title: "OryxForge",
  description: "Questions to your data, answers that can be checked.",
  referrer: "no-referrer",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f4f2ec" },
    { media: "(prefers-color-scheme: dark)", color: "#20221f" },
  ],
  interactiveWidget: "resizes-content",
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <Providers>
          <Shell>{children}</Shell>
        </Providers>
      </body>
    </html>
  );
}
