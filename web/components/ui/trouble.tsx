import { saying } from "@/lib/problem";
import { Button } from "./button";

/** Says what a screen could not load, and tries again. */
export function Trouble({ error, again }: { error: unknown; again: () => void }) {
  return (
    <div role="alert" className="rounded-lg border border-line bg-bad-tint p-4 text-sm">
      <p>{saying(error)}</p>
      <Button className="mt-3" onClick={again}>
        Try again
      </Button>
    </div>
  );
}
