import type { ReactNode } from "react";
import { Boundary } from "@/components/ui/boundary";

/** One matter of the settings: words on the left, controls on the right. `id` is its place in the address. */
export function Section({ id, title, lead, children }: { id: string; title: string; lead: string; children: ReactNode }) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="grid scroll-mt-6 gap-4 border-t border-line pt-6 md:grid-cols-[14rem_minmax(0,1fr)] md:gap-8"
    >
      <div>
        <h2 id={`${id}-title`} className="display text-lg">
          {title}
        </h2>
        <p className="mt-0.5 text-sm text-pretty text-soft">{lead}</p>
      </div>
      <div className="min-w-0">
        <Boundary region={title}>{children}</Boundary>
      </div>
    </section>
  );
}
