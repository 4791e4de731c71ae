"use client";

import { ArrowUp, Paperclip, Square } from "lucide-react";
import { useId, useLayoutEffect, useRef, type KeyboardEvent, type RefObject } from "react";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { AgentPicker } from "./agent-picker";
import { Attachments } from "./attachments";
import { MentionList } from "./mention-list";
import type { AgentChoice } from "./use-agent";
import { useAttach } from "./use-attach";
import { useMentions } from "./use-mentions";
import { useSubmit } from "./use-submit";

interface PromptBoxProps {
  projectId: string;
  /** The draft that is written here. */
  place: string;
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onText: (text: string) => void;
  agents: AgentChoice;
  /** A question can't be sent now, though it can be written. */
  waiting: boolean;
  onSend: () => void;
  /** Null where nothing is to be stopped. */
  onStop: (() => void) | null;
  stopping: boolean;
  trouble: string | null;
}

/** Where one asks: Enter sends, Shift and Enter breaks the line, `@` names a sheet. */
export function PromptBox(props: PromptBoxProps) {
  const { projectId, place, field, text, onText, agents, waiting, onSend, onStop, stopping, trouble } = props;
  const id = useId();
  const caret = useRef<number | null>(null);
  const mentions = useMentions(projectId, text, (next, at) => {
    caret.current = at;
    onText(next);
  });
  useFit(field, text, caret);
  const chooser = useRef<HTMLInputElement>(null);
  const attach = useAttach(projectId, place);
  const { submit, sendable, queued, typed } = useSubmit(place, text, waiting, onSend);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // Enter ends what an input method is composing; 229 is what some of them say instead.
    if (event.nativeEvent.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.shiftKey && mentions.pressed(event.key)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  }

  return (
    <form
      aria-label="Ask"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="relative rounded-2xl border border-edge bg-raised shadow-lift focus-within:border-accent"
    >
      <MentionList id={`${id}-sheets`} mentions={mentions} />
      <Attachments place={place} />
      <p role="status" className="px-4 text-sm text-soft not-empty:pt-2">
        {queued ? "Your question goes as soon as the file is here." : ""}
      </p>
      <label htmlFor={id} className="sr-only">
        Your question
      </label>
      <textarea
        id={id}
        ref={field}
        rows={1}
        value={text}
        enterKeyHint="send"
        placeholder="Ask about your data; @ names a sheet"
        aria-autocomplete="list"
        aria-controls={mentions.names.length > 0 ? `${id}-sheets` : undefined}
        aria-activedescendant={mentions.names.length > 0 ? `${id}-sheets-${mentions.chosen}` : undefined}
        aria-describedby={trouble === null ? undefined : `${id}-trouble`}
        onChange={(event) => {
          typed();
          onText(event.target.value);
          mentions.moved(event.target.selectionStart);
        }}
        onClick={(event) => mentions.moved(event.currentTarget.selectionStart)}
        onPaste={(event) => {
          if (event.clipboardData.files.length === 0) return;
          event.preventDefault();
          attach([...event.clipboardData.files]);
        }}
        onBlur={mentions.closed}
        onKeyDown={onKeyDown}
        className="block max-h-[38dvh] w-full resize-none bg-transparent px-4 pt-3 pb-1 focus-visible:outline-none"
      />
      <div className="flex items-center gap-1 p-1.5">
        <IconButton label="Attach a file" onClick={() => chooser.current?.click()}>
          <Paperclip aria-hidden className="size-4" />
        </IconButton>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          aria-label="Files to attach"
          onChange={(event) => {
            attach([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <AgentPicker choice={agents} />
        <span className="flex-1" />
        {onStop ? (
          <IconButton label="Stop (Escape)" look="plain" busy={stopping} onClick={onStop} className="rounded-full!">
            {!stopping && <Square aria-hidden className="size-3.5 fill-current" />}
          </IconButton>
        ) : (
          <IconButton label="Send" look="primary" type="submit" disabled={!sendable} busy={queued} className="rounded-full!">
            {!queued && <ArrowUp aria-hidden className="size-4.5" />}
          </IconButton>
        )}
      </div>
      {trouble !== null && (
        <p id={`${id}-trouble`} role="alert" className={cn("border-t border-line px-4 py-2 text-sm text-bad")}>
          {trouble}
        </p>
      )}
    </form>
  );
}

/** Keeps the field as high as its text, and the caret where a completed name ends. */
function useFit(field: RefObject<HTMLTextAreaElement | null>, text: string, caret: RefObject<number | null>): void {
  useLayoutEffect(() => {
    const box = field.current;
    if (box === null) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    if (caret.current !== null) box.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [field, text, caret]);
}
