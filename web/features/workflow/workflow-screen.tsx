"use client";

import { Workflow } from "lucide-react";
import { NextUp } from "@/components/ui/next-up";

export function WorkflowScreen() {
  return (
    <NextUp icon={Workflow} title="Workflow">
      Here you will see how sheets hang together, and what is stale. Nothing makes workflows yet.
    </NextUp>
  );
}
