"use client";

import { MessagesSquare } from "lucide-react";
import Link from "next/link";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { toast } from "sonner";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { may, projectAddress, type Project } from "@/features/projects";
import { saying } from "@/lib/problem";
import { CopyButton } from "./answer-actions";
import { AnswerEnd } from "./answer-end";
import { ChatHeader } from "./chat-header";
import { ConnectionLine } from "./connection-line";
import { useDraft } from "./drafts";
import { answerText } from "./fold";
import type { ItemActions } from "./item-view";
import type { Item } from "./items";
import { MessageList } from "./message-list";
import { NewChat } from "./new-chat";
import { PromptBox } from "./prompt-box";
import { postStop } from "./queries";
import { useAgent } from "./use-agent";
import { useAsk } from "./use-ask";
import { useLiveChat, useSnapshot } from "./use-live-chat";

interface ChatPaneProps {
  project: Project;
  chatId: string | null;
  openArtifact: (sheetId: string) => void;
}

export function ChatPane({ project, chatId, openArtifact }: ChatPaneProps) {
  const live = useLiveChat(chatId);
  const shown = useSnapshot(live);
  const [draft, setDraft] = useDraft(`${project.id}:${chatId ?? "new"}`);
  const agents = useAgent(chatId, shown.chat?.agent ?? null);
  const asking = useAsk(project.id, chatId, live);
  const field = useRef<HTMLTextAreaElement>(null);
  const mayAsk = may(project, "editor");
  const processing = shown.processing || asking.sending !== null;
  const stop = useStop(chatId, processing);
  const items = useItems(shown.items, asking.sending);

  const { ask } = asking;
  const { agent } = agents;
  const send = useCallback(
    async (prompt: string) => {
      if (agent === null) return;
      setDraft("");
      if (!(await ask(prompt.trim(), agent))) setDraft(prompt);
    },
    [agent, ask, setDraft],
  );
  const latest = useRef(send);
  useEffect(() => {
    latest.current = send;
  });
  const actions = useMemo(
    (): ItemActions => ({
      projectId: project.id,
      openArtifact,
      choose: mayAsk ? (prompt) => void latest.current(prompt) : null,
    }),
    [project.id, openArtifact, mayAsk],
  );
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, [chatId]);

  if (shown.gone) return <Gone projectId={project.id} />;
  const lastAsked = items.findLast((item) => item.kind === "asked");
  return (
    <div className="flex h-full min-w-0 flex-col" onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && stop.stop?.()}>
      {shown.chat ? <ChatHeader key={shown.chat.id} chat={shown.chat} changeable={mayAsk} /> : <NoHeader fresh={chatId === null} />}
      <ConnectionLine live={shown.live} />
      {items.length > 0 ? (
        <MessageList
          key={chatId}
          items={items}
          actions={actions}
          processing={processing}
          asks={asking.asks}
          foot={(at) => <Foot items={items} at={at} />}
          end={
            <AnswerEnd
              chat={shown.chat}
              processing={processing}
              begun={items.at(-1)?.kind !== "asked"}
              askAgain={mayAsk && lastAsked?.kind === "asked" ? () => void send(lastAsked.text) : null}
            />
          }
        />
      ) : chatId === null ? (
        <NewChat />
      ) : (
        <Loading />
      )}
      <div className="mx-auto w-full max-w-3xl shrink-0 px-3 pb-3 sm:px-8 sm:pb-5">
        {mayAsk ? (
          <PromptBox
            projectId={project.id}
            field={field}
            text={draft}
            onText={(text) => {
              setDraft(text);
              asking.clear();
            }}
            agents={agents}
            waiting={processing || (chatId !== null && !shown.ready)}
            onSend={() => void send(draft)}
            onStop={stop.stop}
            stopping={stop.stopping}
            trouble={asking.trouble}
          />
        ) : (
          <p className="rounded-lg border border-line bg-panel px-4 py-3 text-center text-sm text-soft">
            You may read this project's chats. To ask, its owner has to make you an editor.
          </p>
        )}
      </div>
      <span role="status" className="sr-only">
        {processing ? "Answering" : ""}
      </span>
    </div>
  );
}

function useItems(items: readonly Item[], sending: string | null): readonly Item[] {
  return useMemo(
    () => (sending === null ? items : [...items, { kind: "asked" as const, seq: 1, text: sending, agent: null }]),
    [items, sending],
  );
}

function useStop(chatId: string | null, processing: boolean) {
  const [stopping, setStopping] = useState(false);
  useEffect(() => {
    if (!processing) setStopping(false);
  }, [processing]);
  async function stop(id: string) {
    setStopping(true);
    try {
      await postStop(id);
    } catch (error) {
      setStopping(false);
      toast.error(saying(error));
    }
  }
  return { stopping, stop: processing && chatId !== null ? () => void stop(chatId) : null };
}

function Foot({ items, at }: { items: readonly Item[]; at: number }) {
  if (answerText(items, at) === "") return null;
  return (
    <div className="-ml-2.5 flex pt-1">
      <CopyButton label="Copy the answer" text={() => answerText(items, at)} />
    </div>
  );
}

function NoHeader({ fresh }: { fresh: boolean }) {
  return (
    <header className="flex min-h-12 items-center border-b border-line px-4">
      <title>New chat · OryxForge</title>
      {fresh ? <h1 className="text-sm font-medium">New chat</h1> : <Skeleton className="h-5 w-48" />}
    </header>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="The chat is loading" className="mx-auto w-full max-w-3xl flex-1 space-y-4 px-4 py-8 sm:px-8">
      <Skeleton className="ml-auto h-11 w-2/5" />
      <Skeleton className="h-24" />
    </div>
  );
}

function Gone({ projectId }: { projectId: string }) {
  return (
    <Empty
      icon={MessagesSquare}
      title="This chat is not here"
      action={
        <Link href={projectAddress("chat", projectId)} prefetch={false} className="link">
          Begin a new one
        </Link>
      }
    >
      It was deleted, or it belongs to another project.
    </Empty>
  );
}
