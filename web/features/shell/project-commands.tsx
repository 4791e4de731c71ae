"use client";

import { BarChart3, FileText, MessageSquareText, Table2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { useChats } from "@/features/chats";
import { projectAddress } from "@/features/projects";
import { addressOfSheet, useSheets } from "@/features/sheets";
import { useCommands, type Command } from "./commands";

const ICONS = { table: Table2, chart: BarChart3, report: FileText } as const;
const MOST = 200;

/** The chats and sheets of the open project, to be found in the palette. */
export function ProjectCommands({ projectId }: { projectId: string }) {
  const router = useRouter();
  const { data: chats } = useChats(projectId);
  const { data: sheets } = useSheets(projectId);

  useCommands(
    useMemo((): Command[] => {
      const go = (address: string) => () => router.push(address);
      return [
        ...(chats ?? []).slice(0, MOST).map((chat) => ({
          id: `chat:${chat.id}`,
          title: chat.title,
          icon: MessageSquareText,
          group: "Chats",
          run: go(projectAddress("chat", projectId, { c: chat.id })),
        })),
        ...(sheets ?? []).slice(0, MOST).map((sheet) => ({
          id: `sheet:${sheet.id}`,
          title: sheet.name,
          icon: ICONS[sheet.type],
          words: sheet.address,
          group: "Sheets",
          run: go(addressOfSheet(projectId, sheet)),
        })),
      ];
    }, [chats, sheets, projectId, router]),
  );
  return null;
}
