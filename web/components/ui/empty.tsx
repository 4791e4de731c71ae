import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  /** What one could do here. */
  children: ReactNode;
  action?: ReactNode;
  /** It is all that the screen shows, and so its title is the screen's. */
  screen?: boolean;
}

/** What is said where there is nothing yet. */
export function Empty({ icon: Icon, title, children, action, screen = false }: EmptyProps) {
  const Title = screen ? "h1" : "h2";
  return (
    <div className="mx-auto grid max-w-md justify-items-center px-4 py-16 text-center">
      <span className="mb-5 grid size-14 place-items-center rounded-full bg-tint text-accent">
        <Icon aria-hidden className="size-6" strokeWidth={1.6} />
      </span>
      {screen && <title>{`${title} · OryxForge`}</title>}
      <Title className="display text-xl">{title}</Title>
      <div className="mt-2 text-pretty text-soft">{children}</div>
      {action !== undefined && <div className="mt-6">{action}</div>}
    </div>
  );
}
