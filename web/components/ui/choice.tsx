"use client";

import { useId } from "react";
import { cn } from "./cn";

interface ChoiceProps<T extends string> {
  label: string;
  hidden?: boolean;
  value: T;
  options: readonly (readonly [T, string])[];
  onValue: (value: T) => void;
  disabled?: boolean;
  className?: string;
}

/** One of a few, as the platform's own list. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { label, hidden = false, value, options, onValue, disabled = false, className } = props;
  const id = useId();
  return (
    <div className={cn("grid gap-1.5", className)}>
      <label htmlFor={id} className={hidden ? "sr-only" : "text-sm font-medium"}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = options.find(([option]) => option === event.target.value);
          if (chosen) onValue(chosen[0]);
        }}
        className="h-10 rounded-md border border-edge bg-raised px-2.5 text-sm"
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
