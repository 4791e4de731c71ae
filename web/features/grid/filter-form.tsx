"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { choicesOf, filtersOf, formOf, type Form } from "./conditions";
import { kindOf } from "./kinds";
import type { Column, Filter, Scalar } from "./view";

interface FilterFormProps {
  column: Column;
  /** The filters that the column has. */
  filters: readonly Filter[];
  onFilters: (filters: readonly Filter[]) => void;
}

/** Asks for rows by one column; its fields are those of the column's kind. */
export function FilterForm({ column, filters, onFilters }: FilterFormProps) {
  const [form, setForm] = useState(() => formOf(column.type, filters));
  const [problem, setProblem] = useState<string | null>(null);
  const change = (over: Partial<Form>) => {
    setForm({ ...form, ...over });
    setProblem(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const asked = filtersOf(column.name, column.type, form);
    if (typeof asked === "string") setProblem(asked);
    else onFilters(asked);
  };
  return (
    <form onSubmit={submit} className="grid gap-2.5" noValidate>
      <Choice label="Show rows where it" value={form.choice} options={choicesOf(column.type)} onValue={(choice) => change({ choice })} />
      <Inputs type={column.type} form={form} onChange={change} problem={problem} />
      <div className="flex justify-end gap-2">
        {filters.length > 0 && (
          <Button look="quiet" onClick={() => onFilters([])}>
            Remove filter
          </Button>
        )}
        <Button look="primary" type="submit">
          Filter
        </Button>
      </div>
    </form>
  );
}

const INPUTS = { date: "date", time: "time", number: "text", text: "text", nested: "text", boolean: "text" } as const;

interface InputsProps {
  type: string;
  form: Form;
  onChange: (over: Partial<Form>) => void;
  problem: string | null;
}

function Inputs({ type, form, onChange, problem }: InputsProps) {
  const kind = kindOf(type);
  const given = {
    type: INPUTS[kind],
    autoComplete: "off",
    ...(kind === "number" ? { inputMode: "decimal" as const } : {}),
    ...(kind === "time" ? { step: 1 } : {}),
  };
  if (form.choice === "is_null" || form.choice === "not_null") return null;
  if (form.choice === "in") return <Values values={form.values} onValues={(values) => onChange({ values })} problem={problem} />;
  if (kind === "boolean") {
    return <Choice label="Value" value={form.from} options={[["true", "yes"], ["false", "no"]]} onValue={(from) => onChange({ from })} />;
  }
  if (form.choice === "between") {
    return (
      <div className="grid gap-2">
        <div className={cn("grid gap-2", kind !== "date" && "grid-cols-2")}>
          <Field label="From" {...given} value={form.from} onValue={(from) => onChange({ from })} aria-invalid={problem !== null || undefined} />
          <Field label="To" {...given} value={form.to} onValue={(to) => onChange({ to })} />
        </div>
        {problem !== null && (
          <p role="alert" className="text-sm text-bad">
            {problem}
          </p>
        )}
      </div>
    );
  }
  return <Field label="Value" {...given} value={form.from} onValue={(from) => onChange({ from })} error={problem} />;
}

/** One value a line; that empty cells count too stays as it was. */
function Values({ values, onValues, problem }: { values: readonly Scalar[]; onValues: (values: readonly Scalar[]) => void; problem: string | null }) {
  const empty = values.filter((value) => value === null);
  const [text, setText] = useState(() => values.filter((value) => value !== null).join("\n"));
  return (
    <label className="grid gap-1.5 text-sm font-medium">
      Values, one a line
      <textarea
        rows={4}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          onValues([...event.target.value.split("\n").filter((line) => line !== ""), ...empty]);
        }}
        className="w-full rounded-md border border-edge bg-raised px-3 py-2 text-base font-normal"
      />
      {empty.length > 0 && <span className="font-normal text-soft">Empty cells are shown too.</span>}
      {problem !== null && (
        <span role="alert" className="font-normal text-bad">
          {problem}
        </span>
      )}
    </label>
  );
}
