import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  /** What one could do here. */
  children: ReactNode;
  action?: ReactNode;
}

/** What is said where there is nothing yet. */
export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto grid max-w-md justify-items-center px-4 py-16 text-center">
      <span className="mb-5 grid size-14 place-items-center rounded-full bg-tint text-accent">
        <Icon aria-hidden className="size-6" strokeWidth={1.6} />
      </span>
      <h2 className="display text-xl">{title}</h2>
      <div className="mt-2 text-pretty text-soft">{children}</div>
      {action !== undefined && <div className="mt-6">{action}</div>}
    </div>
  );
}
