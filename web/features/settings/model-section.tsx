"use client";

import { KeyRound } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { sinceWhen } from "@/lib/dates";
import { useIsGone } from "@/lib/undo";
import { ModelForm } from "./model-form";
import { MODEL_GONE, useForgetModel, useModel, type ModelState } from "./queries";

/** Which model answers, and the key by which it is reached. */
export function ModelSection() {
  const model = useModel();
  const gone = useIsGone()(MODEL_GONE);
  if (model.isPending) return <Skeleton className="h-56" />;
  if (model.isError) return <Trouble error={model.error} again={() => void model.refetch()} />;
  const { source, why_fixed: why } = model.data;
  const none = source === "none" || gone;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {none ? (
        <p>No model is set: the built-in analyst answers. It needs no key, costs nothing, and sends nothing anywhere.</p>
      ) : (
        <Current model={model.data} />
      )}
      {why === null ? <ModelForm key={String(none)} replaces={!none} /> : <p className="text-sm text-soft">{why}</p>}
    </div>
  );
}

function Current({ model }: { model: ModelState }) {
  const forget = useForgetModel();
  const facts = [
    model.model ?? "the model that Claude chooses",
    model.last_four !== null && `key ending in ${model.last_four}`,
    model.saved_at !== null && `saved ${sinceWhen(model.saved_at)}`,
    model.source === "environment" && "set by the environment",
  ].filter((fact) => fact !== false);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-line bg-raised p-4">
      <KeyRound aria-hidden className="size-5 shrink-0 text-accent" />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{model.base_url ?? "Claude, at Anthropic"}</p>
        <p className="text-sm break-words text-soft">{facts.join(" · ")}</p>
      </div>
      {model.why_fixed === null && <Button onClick={forget}>Remove</Button>}
    </div>
  );
}
