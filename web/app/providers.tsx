"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import { useEffect, useState, type ReactNode } from "react";
import { Toaster } from "sonner";
import { useSessionStore } from "@/features/session";

export function Providers({ children }: { children: ReactNode }) {
  // The client of the API tries again by itself.
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 10_000 }, mutations: { retry: false } } }),
  );
  useFreshAfterSignIn(queries);
  return (
    <ThemeProvider attribute="class" defaultTheme="system" disableTransitionOnChange>
      <QueryClientProvider client={queries}>
        {children}
        <Toaster
          position="bottom-right"
          toastOptions={{
            unstyled: true,
            classNames: {
              toast:
                "flex w-full items-center gap-3 rounded-lg border border-line bg-raised px-4 py-3 text-sm text-ink shadow-lift",
              content: "min-w-0 flex-1 wrap-anywhere",
              actionButton: "min-h-8 shrink-0 rounded-md bg-tint px-3 font-medium text-accent hover:brightness-95",
            },
          }}
        />
      </QueryClientProvider>
    </ThemeProvider>
  );
}

/** What failed for want of a session is asked for again; what another person saw is forgotten. */
function useFreshAfterSignIn(queries: QueryClient): void {
  const status = useSessionStore((s) => s.session.status);
  useEffect(() => {
    if (status === "signed-in") void queries.invalidateQueries();
    if (status === "signed-out") queries.clear();
  }, [status, queries]);
}
