"use client";

import { Ellipsis, FileSearch, FolderInput, History, Pencil, Trash2 } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import { useDeleteDataset, useDeleteSheet, type Dataset, type Sheet } from "@/features/sheets";
import { askFor } from "./ask";

interface ItemMenuProps {
  item: Item;
  /** Whether this person may change it. */
  editable: boolean;
  className?: string;
  /** Where the menu is opened by a key or another button too. */
  shown?: boolean;
  onShown?: (shown: boolean) => void;
}

export type Item = { readonly kind: "sheet"; readonly sheet: Sheet } | { readonly kind: "dataset"; readonly dataset: Dataset };

const ICON = "size-4 text-soft";

/** What can be done with a sheet or a dataset. */
export function ItemMenu({ item, editable, className, shown, onShown }: ItemMenuProps) {
  const remove = useRemoveItem();
  const name = item.kind === "sheet" ? item.sheet.name : item.dataset.name;
  return (
    <Menu
      trigger={
        <IconButton label={`More for ${name}`} tabIndex={onShown ? -1 : 0} className={className}>
          <Ellipsis aria-hidden className="size-4" />
        </IconButton>
      }
      {...(shown === undefined ? {} : { open: shown })}
      {...(onShown && { onOpen: onShown })}
    >
      {item.kind === "sheet" && <SheetItems sheet={item.sheet} editable={editable} />}
      {item.kind === "dataset" && editable && (
        <MenuItem icon={<Pencil aria-hidden className={ICON} />} onSelect={() => askFor({ what: "rename-dataset", dataset: item.dataset })}>
          Rename
        </MenuItem>
      )}
      {editable && (
        <>
          <MenuLine />
          <MenuItem danger icon={<Trash2 aria-hidden className="size-4" />} onSelect={() => remove(item)}>
            Delete
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function SheetItems({ sheet, editable }: { sheet: Sheet; editable: boolean }) {
  const ask = (what: "rename-sheet" | "move-sheet" | "versions" | "receipt") => () => askFor({ what, sheet });
  return (
    <>
      {editable && (
        <>
          <MenuItem icon={<Pencil aria-hidden className={ICON} />} onSelect={ask("rename-sheet")}>
            Rename
          </MenuItem>
          <MenuItem icon={<FolderInput aria-hidden className={ICON} />} onSelect={ask("move-sheet")}>
            Move to another dataset
          </MenuItem>
          <MenuLine />
        </>
      )}
      <MenuItem icon={<History aria-hidden className={ICON} />} onSelect={ask("versions")}>
        Versions
      </MenuItem>
      <MenuItem icon={<FileSearch aria-hidden className={ICON} />} onSelect={ask("receipt")}>
        How it was read
      </MenuItem>
    </>
  );
}

/** Deletes an item, with undo: a sheet that is looked at is there again at once. */
export function useRemoveItem() {
  const removeSheet = useDeleteSheet();
  const removeDataset = useDeleteDataset();
  return (item: Item) => {
    if (item.kind === "sheet") removeSheet(item.sheet);
    else removeDataset(item.dataset);
  };
}
