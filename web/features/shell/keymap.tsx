"use client";

import { Dialog } from "@/components/ui/dialog";
import { byGroup, useAllCommands } from "./commands";
import { Keys } from "./keys-shown";
import { useShell } from "./shell-state";

/** What the keyboard does here and now. */
export function Keymap() {
  const open = useShell((s) => s.keymap);
  const groups = byGroup(useAllCommands().filter((command) => command.keys));
  return (
    <Dialog open={open} onClose={() => useShell.setState({ keymap: false })} title="Keyboard" className="max-w-lg">
      <div className="grid gap-6">
        {groups.map(([group, commands]) => (
          <section key={group}>
            <h3 className="mb-1 text-sm font-medium text-soft">{group}</h3>
            <ul className="divide-y divide-line">
              {commands.map((command) => (
                <li key={command.id} className="flex min-h-10 items-center justify-between gap-4">
                  {command.title}
                  <Keys keys={command.keys ?? ""} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
