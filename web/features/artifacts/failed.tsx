import { Trouble } from "@/components/ui/trouble";

/** A part of the panel that could not be loaded. */
export function Failed({ error, again }: { error: unknown; again: () => void }) {
  return (
    <div className="p-4">
      <Trouble error={error} again={again} />
    </div>
  );
}
