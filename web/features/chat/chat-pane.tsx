"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, type RefObject } from "react";
import { chatsKey, type Chat } from "@/features/chats";
import { may, type Project } from "@/features/projects";
import { useUser } from "@/features/session";
import { datasetsKey, sheetsKey } from "@/features/sheets";
import { AnswerEnd } from "./answer-end";
import { AnswerFoot } from "./answer-foot";
import { ChatHeader } from "./chat-header";
import { Gone, Loading, NoHeader, ReadOnly } from "./chat-parts";
import { ConnectionLine } from "./connection-line";
import { useDraft } from "./drafts";
import { withoutEcho } from "./failure";
import type { ItemActions } from "./item-view";
import type { Item } from "./items";
import { MessageList } from "./message-list";
import { NewChat } from "./new-chat";
import { PromptBox } from "./prompt-box";
import { useAgent } from "./use-agent";
import { useAsk } from "./use-ask";
import { useAttach } from "./use-attach";
import { useBranch } from "./use-branch";
import { useChatCommands } from "./use-chat-commands";
import { useLatest } from "./use-latest";
import { useLiveChat, useSnapshot } from "./use-live-chat";
import { useRegenerate } from "./use-regenerate";
import { useStop } from "./use-stop";

interface ChatPaneProps {
  project: Project;
  chatId: string | null;
  openArtifact: (sheetId: string) => void;
}

export function ChatPane({ project, chatId, openArtifact }: ChatPaneProps) {
  const live = useLiveChat(chatId);
  const shown = useSnapshot(live);
  const mayAsk = may(project, "editor");
  const user = useUser();
  const place = `${user.id}:${project.id}:${chatId ?? "new"}`;
  const [draft, setDraft] = useDraft(place);
  const attach = useAttach(project.id, place);
  const agents = useAgent(chatId, shown.chat?.agent ?? null);
  const asking = useAsk(project.id, chatId, live);
  const field = useRef<HTMLTextAreaElement>(null);
  const processing = shown.processing || asking.sending !== null;
  const items = useItems(shown.items, shown.chat, asking.sending);
  const { stop, stopping } = useStop(chatId, processing && mayAsk);
  const anew = useRegenerate(chatId, live);
  const regenerate = anew && mayAsk && !processing ? () => void anew() : null;
  // One that failed or was stopped says itself how it is asked again.
  const ended = shown.chat?.status === "completed";
  useChatCommands({ projectId: project.id, field, stop, regenerate });
  useFocus(field, chatId);
  useNewSheets(project.id, items);
  useListed(project.id, shown.chat);

  async function send(prompt: string) {
    setDraft("");
    if (!(await asking.ask(prompt.trim(), agents.agent))) setDraft(prompt);
  }
  const choose = useLatest((prompt: string) => void send(prompt));
  const branch = useLatest(useBranch(project.id, chatId));
  const actions = useMemo(
    (): ItemActions => ({
      projectId: project.id,
      place,
      openArtifact,
      choose: mayAsk ? choose : null,
      branch: mayAsk ? branch : null,
    }),
    [project.id, place, openArtifact, mayAsk, choose, branch],
  );

  if (shown.gone) return <Gone projectId={project.id} />;
  return (
    <div
      className="flex h-full min-w-0 flex-col"
      // Files that are dropped on a chat belong to the question that is written there.
      onDrop={(event) => {
        if (!mayAsk || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        attach([...event.dataTransfer.files]);
      }}
    >
      {shown.chat ? <ChatHeader key={`header ${shown.chat.id}`} chat={shown.chat} changeable={mayAsk} /> : <NoHeader fresh={chatId === null} />}
      <ConnectionLine live={shown.live} />
      {items.length > 0 ? (
        <MessageList
          key={`list ${chatId}`}
          items={items}
          actions={actions}
          processing={processing}
          asks={asking.asks}
          readEarlier={shown.earlier && live ? live.readEarlier : null}
          onAbove={live?.reads ?? noted}
          foot={(at) => <AnswerFoot items={items} at={at} regenerate={at === items.length - 1 && ended ? regenerate : null} />}
          end={
            <AnswerEnd
              chat={shown.chat}
              processing={processing}
              begun={items.at(-1)?.kind !== "asked"}
              said={asking.trouble}
              askAgain={regenerate}
            />
          }
        />
      ) : chatId === null ? (
        <NewChat projectId={project.id} ask={mayAsk ? choose : null} />
      ) : (
        <Loading />
      )}
      <div className="mx-auto w-full max-w-3xl shrink-0 px-3 pb-3 sm:px-8 sm:pb-5">
        {mayAsk ? (
          <PromptBox
            projectId={project.id}
            place={place}
            field={field}
            text={draft}
            onText={(text) => {
              setDraft(text);
              asking.clear();
            }}
            agents={agents}
            waiting={processing || (chatId !== null && !shown.ready)}
            onSend={() => void send(draft)}
            onStop={stop}
            stopping={stopping}
            trouble={asking.trouble}
          />
        ) : (
          <ReadOnly />
        )}
      </div>
      <span role="status" className="sr-only">
        {processing ? "Answering" : ""}
      </span>
    </div>
  );
}

const noted = () => undefined;

function useItems(all: readonly Item[], chat: Chat | null, sending: string | null): readonly Item[] {
  const items = useMemo(() => withoutEcho(all, chat), [all, chat]);
  return useMemo(
    () => (sending === null ? items : [...items, { kind: "asked" as const, seq: 1, text: sending, agent: null }]),
    [items, sending],
  );
}

/** The caret stands in the prompt from the start, but where that would bring up a keyboard of glass. */
function useFocus(field: RefObject<HTMLTextAreaElement | null>, chatId: string | null): void {
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true });
  }, [field, chatId]);
}

/** What an answer made is a sheet of the project from then on. */
function useNewSheets(projectId: string, items: readonly Item[]): void {
  const queries = useQueryClient();
  const made = items.findLast((item) => item.kind === "made")?.seq;
  useEffect(() => {
    if (made === undefined) return;
    void queries.invalidateQueries({ queryKey: sheetsKey(projectId) });
    void queries.invalidateQueries({ queryKey: datasetsKey(projectId) });
  }, [queries, projectId, made]);
}

/** The list of chats is told what becomes of this one. */
function useListed(projectId: string, chat: Chat | null): void {
  const queries = useQueryClient();
  const known = chat && `${chat.id} ${chat.status} ${chat.title}`;
  useEffect(() => {
    if (known !== null) void queries.invalidateQueries({ queryKey: chatsKey(projectId) });
  }, [queries, projectId, known]);
}
