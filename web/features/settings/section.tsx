import { useId, type ReactNode } from "react";

/** One matter of the settings: words on the left, controls on the right. */
export function Section({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid gap-4 border-t border-line pt-6 md:grid-cols-[14rem_minmax(0,1fr)]">
      <div>
        <h2 id={id} className="display text-lg">
          {title}
        </h2>
        <p className="text-sm text-soft">{lead}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
