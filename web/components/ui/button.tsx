import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";

const LOOKS = {
  plain: "border border-line bg-raised hover:bg-hover",
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  quiet: "text-soft hover:bg-hover hover:text-ink",
  danger: "bg-bad text-paper hover:brightness-110",
} as const;

export type ButtonLook = keyof typeof LOOKS;

interface ButtonProps extends ComponentProps<"button"> {
  look?: ButtonLook;
  busy?: boolean;
}

export function Button({ look = "plain", busy = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={busy || disabled}
      aria-busy={busy || undefined}
      className={cn(
        "inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3.5 text-sm font-medium whitespace-nowrap",
        "transition-colors disabled:cursor-not-allowed disabled:opacity-60",
        LOOKS[look],
        className,
      )}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonProps {
  /** Read out, and shown as the title. */
  label: string;
}

export function IconButton({ label, look = "quiet", className, ...rest }: IconButtonProps) {
  return <Button aria-label={label} title={label} look={look} className={cn("size-9 px-0! [&>svg]:shrink-0", className)} {...rest} />;
}
