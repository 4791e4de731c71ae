"use client";

import { Command as Cmdk } from "cmdk";
import { byGroup, useAllCommands, type Command } from "./commands";
import { Keys } from "./keys-shown";
import { useShell } from "./shell-state";

const close = () => useShell.setState({ palette: false });

export function PaletteList() {
  const groups = byGroup(useAllCommands());
  return (
    <Cmdk label="Commands" loop>
      <Cmdk.Input
        autoFocus
        placeholder="What would you like to do?"
        className="h-13 w-full border-b border-line bg-transparent px-5 text-base outline-none"
      />
      <Cmdk.List className="max-h-[50dvh] overflow-y-auto p-2" label="Commands">
        <Cmdk.Empty className="px-3 py-8 text-center text-sm text-soft">Nothing goes by that name.</Cmdk.Empty>
        {groups.map(([group, commands]) => (
          <Cmdk.Group
            key={group}
            heading={group}
            className="**:[[cmdk-group-heading]]:px-3 **:[[cmdk-group-heading]]:py-2 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:text-soft"
          >
            {commands.map((command) => (
              <PaletteItem key={command.id} command={command} />
            ))}
          </Cmdk.Group>
        ))}
      </Cmdk.List>
    </Cmdk>
  );
}

function PaletteItem({ command }: { command: Command }) {
  const Icon = command.icon;
  return (
    <Cmdk.Item
      value={`${command.title} ${command.id}`}
      keywords={[command.group, ...(command.words?.split(" ") ?? [])]}
      onSelect={() => {
        close();
        command.run();
      }}
      className="flex min-h-10 items-center gap-3 rounded-md px-3 text-sm data-[selected=true]:bg-hover"
    >
      {Icon ? <Icon aria-hidden className="size-4 shrink-0 text-soft" /> : <span className="w-4" />}
      <span className="min-w-0 flex-1 truncate">{command.title}</span>
      {command.keys && <Keys keys={command.keys} />}
    </Cmdk.Item>
  );
}
