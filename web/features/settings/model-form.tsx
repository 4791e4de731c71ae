"use client";

import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { saying } from "@/lib/problem";
import { useSaveModel, type ModelGiven } from "./queries";

type Provider = ModelGiven["provider"];

/** Asks for a key or an endpoint; the server tries it before it keeps it. */
export function ModelForm({ replaces }: { replaces: boolean }) {
  const save = useSaveModel();
  const [provider, setProvider] = useState<Provider>("anthropic");
  const [secret, setSecret] = useState("");
  const [model, setModel] = useState("");
  const [address, setAddress] = useState("");
  const endpoint = provider === "endpoint";

  function submit(event: FormEvent) {
    event.preventDefault();
    const given = { provider, secret, model: model.trim() || null, base_url: endpoint ? address.trim() : null };
    save.mutate(given, {
      onSuccess: () => {
        setSecret("");
        toast.success("It answers. New chats ask Claude from now on.");
      },
    });
  }

  return (
    <form onSubmit={submit} className="grid max-w-xl gap-4" aria-label={replaces ? "Another model" : "A model"}>
      <Choice
        label={replaces ? "Use another one" : "Who serves the model"}
        value={provider}
        options={[
          ["anthropic", "Anthropic, with a key"],
          ["endpoint", "A model of my own (Ollama, LiteLLM, vLLM)"],
        ]}
        onValue={(chosen) => {
          save.reset();
          setProvider(chosen);
        }}
      />
      {endpoint && (
        <Field
          label="Address"
          type="url"
          placeholder="http://127.0.0.1:11434"
          autoComplete="off"
          required
          value={address}
          onValue={setAddress}
        />
      )}
      <Field
        label={endpoint ? "Token, if it asks for one" : "Key"}
        type="password"
        autoComplete="off"
        required={!endpoint}
        value={secret}
        onValue={setSecret}
      />
      <Field
        label={endpoint ? "Model" : "Model, if not the usual one"}
        autoComplete="off"
        spellCheck={false}
        placeholder={endpoint ? "qwen3:8b" : "claude-sonnet-5"}
        required={endpoint}
        value={model}
        onValue={setModel}
      />
      {save.isError && (
        <p role="alert" className="text-sm text-bad">
          {saying(save.error)}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button look="primary" type="submit" busy={save.isPending}>
          Try it and save
        </Button>
        <p className="text-sm text-soft">It is asked for one word. The key is never shown again.</p>
      </div>
    </form>
  );
}
