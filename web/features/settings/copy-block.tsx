"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "@/components/ui/button";

const SHOWN_MS = 1500;

/** Lines of code with a button that copies them. */
export function CopyBlock({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <div className="flex items-start gap-2 rounded-lg border border-line bg-panel p-1.5 pl-4">
      <pre tabIndex={0} aria-label={label} className="min-w-0 flex-1 overflow-x-auto py-1.5 text-sm">
        <code>{text}</code>
      </pre>
      <IconButton
        label={`Copy ${label}`}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {copied ? <Check aria-hidden className="size-4 text-good" /> : <Copy aria-hidden className="size-4" />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </div>
  );
}
