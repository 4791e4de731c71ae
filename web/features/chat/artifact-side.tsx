"use client";

import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import { ArtifactPanel } from "@/features/artifacts";
import { useMatches } from "./use-matches";

interface ArtifactSideProps {
  projectId: string;
  /** What is open beside the chat. */
  sheetId: string | null;
  onClose: () => void;
  children: ReactNode;
}

/** The chat, and beside it what it made: at the side where there is room, over it where there is not. */
export function ArtifactSide({ projectId, sheetId, onClose, children }: ArtifactSideProps) {
  const wide = useMatches("(min-width: 1024px)");
  return (
    <>
      <Group className="h-full">
        <Panel id="chat" minSize="22rem" className="h-full">
          {children}
        </Panel>
        {wide && sheetId !== null && (
          <>
            <Separator
              aria-label="Width of the result"
              className="w-px bg-line outline-offset-0 transition-colors data-[separator=active]:bg-accent data-[separator=hover]:bg-accent"
            />
            <Panel id="result" defaultSize="50%" minSize="22rem" className="h-full">
              <ArtifactPanel projectId={projectId} sheetId={sheetId} onClose={onClose} />
            </Panel>
          </>
        )}
      </Group>
      {!wide && sheetId !== null && (
        <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
          <Dialog.Portal>
            <Dialog.Content aria-describedby={undefined} className="appear fixed inset-0 z-40 bg-paper focus:outline-none">
              <Dialog.Title className="sr-only">Result</Dialog.Title>
              <ArtifactPanel projectId={projectId} sheetId={sheetId} onClose={onClose} />
            </Dialog.Content>
          </Dialog.Portal>
        </Dialog.Root>
      )}
    </>
  );
}
