"use client";

import { FileUp } from "lucide-react";
import { Button, type ButtonLook } from "@/components/ui/button";
import { chooseFiles, useBring } from "./bring";

/** Chooses files from the disk and brings them into the project. */
export function AddData({ projectId, look = "primary" }: { projectId: string; look?: ButtonLook }) {
  const bring = useBring();
  return (
    <Button look={look} onClick={() => chooseFiles((files) => bring(projectId, files))}>
      <FileUp aria-hidden className="size-4" />
      Add data
    </Button>
  );
}
