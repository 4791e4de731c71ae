"use client";

import { Table2 } from "lucide-react";
import { NextUp } from "@/components/ui/next-up";

export function DataScreen() {
  return (
    <NextUp icon={Table2} title="Data">
      Here you will bring files in and look at sheets. Until then the plain page does it.
    </NextUp>
  );
}
