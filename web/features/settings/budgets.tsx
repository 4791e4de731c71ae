"use client";

import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { saying } from "@/lib/problem";
import { amountOf, shareOf, usd } from "./money";
import { useBudgets, useSetBudget, type Budget } from "./queries";

/** What may be spent on models this month: by oneself, and in each project. */
export function Budgets() {
  const budgets = useBudgets();
  if (budgets.isPending) return <Skeleton className="h-40" />;
  if (budgets.isError) return <Trouble error={budgets.error} again={() => void budgets.refetch()} />;
  const { mine, projects } = budgets.data;
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
      <Line name="You, in all projects" budget={mine} projectId={null} mine />
      {projects.map((project) => (
        <Line
          key={project.project_id}
          name={project.name}
          budget={project}
          projectId={project.project_id}
          mine={project.role === "owner"}
        />
      ))}
    </ul>
  );
}

interface LineProps {
  name: string;
  budget: Budget;
  projectId: string | null;
  /** Whether one may set it. */
  mine: boolean;
}

function Line({ name, budget, projectId, mine }: LineProps) {
  const [changing, setChanging] = useState(false);
  const { monthly_usd: limit, spent_usd: spent } = budget;
  return (
    <li className="grid gap-2 p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-48">
          <p className="truncate font-medium">{name}</p>
          <p className="text-sm text-soft tabular-nums">
            {usd(spent)} spent this month{limit === null ? ", no limit" : ` of ${usd(limit)}`}
          </p>
        </div>
        {mine && !changing && (
          <Button aria-label={`${limit === null ? "Set" : "Change"} a limit for ${name}`} onClick={() => setChanging(true)}>
            {limit === null ? "Set a limit" : "Change"}
          </Button>
        )}
      </div>
      {limit !== null && <Bar share={shareOf(spent, limit)} />}
      {changing && <LimitForm name={name} limit={limit} projectId={projectId} onDone={() => setChanging(false)} />}
    </li>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-hover">
      <div
        className={cn("h-full rounded-full", share >= 1 ? "bg-bad" : "bg-accent")}
        style={{ width: `${share * 100}%` }}
      />
    </div>
  );
}

interface LimitFormProps {
  name: string;
  limit: number | null;
  projectId: string | null;
  onDone: () => void;
}

function LimitForm({ name, limit, projectId, onDone }: LimitFormProps) {
  const set = useSetBudget(projectId);
  const [typed, setTyped] = useState(limit === null ? "" : String(limit));
  const amount = amountOf(typed);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (amount === undefined) return;
    set.mutate(amount, {
      onSuccess: () => {
        toast.success(amount === null ? `${name}: no limit now.` : `${name}: ${usd(amount)} a month.`);
        onDone();
      },
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-3">
      <Field
        autoFocus
        className="w-44"
        label="US dollars a month"
        inputMode="decimal"
        autoComplete="off"
        placeholder="No limit"
        value={typed}
        onValue={setTyped}
        error={amount === undefined ? "Type an amount, such as 20." : set.isError ? saying(set.error) : null}
      />
      <div className="flex gap-2 sm:mt-6.5">
        <Button look="primary" type="submit" busy={set.isPending} className="min-h-10">
          Save
        </Button>
        <Button look="quiet" className="min-h-10" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
