"use client";

import { useId, type ComponentProps } from "react";
import { cn } from "./cn";

interface FieldProps extends Omit<ComponentProps<"input">, "onChange"> {
  label: string;
  value: string;
  onValue: (value: string) => void;
  error?: string | null;
}

/** A labelled line of text. */
export function Field({ label, value, onValue, error = null, className, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={cn("grid gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        {...rest}
        id={id}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        aria-invalid={error !== null || undefined}
        aria-describedby={error === null ? undefined : `${id}-error`}
        className={cn(
          "h-10 w-full min-w-0 rounded-md border bg-raised px-3 text-base",
          error === null ? "border-edge" : "border-bad",
        )}
      />
      {error !== null && (
        <p id={`${id}-error`} role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
