"use client";

import {
  Command as CommandIcon, FolderOpen, Keyboard, LogOut, MessageSquareText, Moon, Plus, Search, Settings, Sun, Table2, Users, Workflow,
} from "lucide-react";
import { useTheme } from "next-themes";
import { usePathname, useRouter } from "next/navigation";
import { useMemo } from "react";
import { openChatFinder } from "@/features/chats";
import { askForNewProject, projectAddress, useCurrentProject, useProjects } from "@/features/projects";
import { pageSession } from "@/features/session";
import { useCommands, type Command } from "./commands";
import { openKeymap, openPalette } from "./shell-state";

const SETTINGS = [
  ["model", "Model and key", "claude anthropic ollama llm"],
  ["budgets", "Budgets", "cost money limit"],
  ["tokens", "Tokens for scripts", "api curl python"],
  ["assistants", "Assistants (MCP)", "mcp claude code desktop cursor vscode"],
  ["account", "Account and password", "sign out elsewhere"],
  ["about", "About and health", "version"],
] as const;

/** What can be done on every screen. */
export function useShellCommands(): void {
  const router = useRouter();
  const { setTheme, resolvedTheme } = useTheme();
  const project = useCurrentProject()?.id;
  const { data: projects } = useProjects();
  const dark = resolvedTheme === "dark";
  // There the key leads to the search of the grid.
  const onData = usePathname() === "/data";

  useCommands(
    useMemo((): Command[] => {
      const go = (address: string) => () => router.push(address);
      const screens: Command[] = project
        ? [
            { id: "chat", title: "Chat", icon: MessageSquareText, keys: "g c", run: go(projectAddress("chat", project)), group: "Go to" },
            {
              id: "find-chats",
              title: "Search chats",
              icon: Search,
              words: "find all history",
              ...(onData ? {} : { keys: "/" }),
              run: () => openChatFinder(),
              group: "Go to",
            },
            { id: "data", title: "Data", icon: Table2, keys: "g d", run: go(projectAddress("data", project)), group: "Go to" },
            { id: "people", title: "People", icon: Users, words: "members share roles", keys: "g m", run: go(projectAddress("project", project)), group: "Go to" },
            { id: "workflow", title: "Workflow", icon: Workflow, keys: "g w", run: go(projectAddress("workflow", project)), group: "Go to" },
          ]
        : [];
      return [
        { id: "projects", title: "Projects", icon: FolderOpen, keys: "g p", run: go("/"), group: "Go to" },
        ...screens,
        { id: "settings", title: "Settings", icon: Settings, keys: "g s", run: go("/settings"), group: "Go to" },
        ...SETTINGS.map(([part, title, words]): Command => ({
          id: `settings-${part}`, title, icon: Settings, words: `settings ${words}`, run: go(`/settings#${part}`), group: "Settings",
        })),
        { id: "new-project", title: "New project", icon: Plus, run: askForNewProject, group: "Make" },
        { id: "palette", title: "Commands", icon: CommandIcon, keys: "mod+k", run: openPalette, group: "Page" },
        { id: "keymap", title: "Keyboard", icon: Keyboard, words: "shortcuts help", keys: "?", run: openKeymap, group: "Page" },
        {
          id: "theme",
          title: dark ? "Light theme" : "Dark theme",
          icon: dark ? Sun : Moon,
          words: "appearance colour mode",
          run: () => setTheme(dark ? "light" : "dark"),
          group: "Page",
        },
        { id: "sign-out", title: "Sign out", icon: LogOut, run: () => void pageSession.signOut(), group: "Page" },
      ];
    }, [router, project, dark, setTheme, onData]),
  );

  useCommands(
    useMemo(
      () =>
        (projects ?? []).map((p) => ({
          id: `project:${p.id}`,
          title: p.name,
          icon: FolderOpen,
          words: "open switch project",
          group: "Projects",
          run: () => router.push(projectAddress("chat", p.id)),
        })),
      [projects, router],
    ),
  );
}
