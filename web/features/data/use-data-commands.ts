"use client";

import { FolderPlus, History, Search, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { focusSearch } from "@/features/grid";
import { may, type Project } from "@/features/projects";
import { useCommands, type Command } from "@/features/shell";
import type { Sheet } from "@/features/sheets";
import { askFor } from "./ask";

/** What can be done on the data screen, in the palette and the keyboard map. */
export function useDataCommands(project: Project, sheet: Sheet | undefined): void {
  const editable = may(project, "editor");
  useCommands(
    useMemo((): Command[] => {
      const ofSheet: Command[] = sheet
        ? [
            { id: "search-sheet", title: `Search in ${sheet.name}`, icon: Search, words: "find rows", keys: "/", run: focusSearch, group: "Data" },
            { id: "versions", title: `Versions of ${sheet.name}`, icon: History, words: "history older back", run: () => askFor({ what: "versions", sheet }), group: "Data" },
          ]
        : [];
      const ofAll: Command[] = editable
        ? [
            { id: "new-dataset", title: "New dataset", icon: FolderPlus, run: () => askFor({ what: "new-dataset" }), group: "Data" },
            { id: "deleted-sheets", title: "Deleted datasets and sheets", icon: Trash2, words: "restore bring back bin", run: () => askFor({ what: "deleted" }), group: "Data" },
          ]
        : [];
      return [...ofSheet, ...ofAll];
    }, [sheet, editable]),
  );
}
