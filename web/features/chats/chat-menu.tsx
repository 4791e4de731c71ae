"use client";

import { Download, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import { downloadChat, EXPORTS } from "./download";
import { useDeleteChat, type Chat } from "./queries";

interface ChatMenuProps {
  chat: Chat;
  /** Without it the chat can be neither renamed nor deleted. */
  onRename?: (() => void) | undefined;
  className?: string;
}

/** What can be done with a chat: rename, take along, delete. */
export function ChatMenu({ chat, onRename, className }: ChatMenuProps) {
  const remove = useDeleteChat();
  return (
    <Menu
      trigger={
        <IconButton label={`More about ${chat.title}`} className={className}>
          <Ellipsis aria-hidden className="size-4" />
        </IconButton>
      }
    >
      {onRename && (
        <MenuItem icon={<Pencil aria-hidden className="size-4" />} onSelect={onRename}>
          Rename
        </MenuItem>
      )}
      {EXPORTS.map(([format, name]) => (
        <MenuItem
          key={format}
          icon={<Download aria-hidden className="size-4" />}
          onSelect={() => void downloadChat(chat.id, format)}
        >
          {name}
        </MenuItem>
      ))}
      {onRename && (
        <>
          <MenuLine />
          <MenuItem danger icon={<Trash2 aria-hidden className="size-4" />} onSelect={() => remove(chat)}>
            Delete
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
