"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { RadioGroup } from "radix-ui";
import { useIsMounted } from "@/lib/use-is-mounted";

const THEMES = [
  ["light", "Light", Sun],
  ["dark", "Dark", Moon],
  ["system", "As the system", Monitor],
] as const;

export function ThemeChoice() {
  const { theme, setTheme } = useTheme();
  const mounted = useIsMounted();
  return (
    <RadioGroup.Root
      aria-label="Theme"
      value={mounted ? (theme ?? "system") : ""}
      onValueChange={setTheme}
      className="flex flex-wrap gap-2"
    >
      {THEMES.map(([value, name, Icon]) => (
        <RadioGroup.Item
          key={value}
          value={value}
          className="flex min-h-10 items-center gap-2 rounded-lg border border-line bg-raised px-4 text-sm hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-tint data-[state=checked]:text-accent"
        >
          <Icon aria-hidden className="size-4" />
          {name}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
