"use client";

import { MessageSquareText } from "lucide-react";
import { NextUp } from "@/components/ui/next-up";

export function ChatScreen() {
  return (
    <NextUp icon={MessageSquareText} title="Chat">
      Here you will ask about the project's data. Until then the plain page does it.
    </NextUp>
  );
}
