"""How a question enters a chat: checked, written down, and given to a run."""

from dataclasses import dataclass, replace
from uuid import UUID

from oryxforge.domain.chats import Chat, ChatMode
from oryxforge.domain.errors import NotFound, Unavailable, Unprocessable
from oryxforge.domain.identity import Role
from oryxforge.domain.names import parse_address
from oryxforge.domain.runs import RunKind
from oryxforge.domain.text import clean_text
from oryxforge.ports.repos import Transaction
from oryxforge.services.budgets import need_left
from oryxforge.services.roster import Roster

PROMPT_LIMIT = 100_000
TITLE_LENGTH = 80
BRANCH = " (branch)"


@dataclass(frozen=True)
class Question:
    """What is asked; without `chat_id` a new chat is made, without `agent` the default one (or the chat's) answers."""

    project_id: UUID
    prompt: str
    chat_id: UUID | None = None
    agent: str | None = None
    mode: ChatMode = ChatMode.EXPLORE
    target: str | None = None


@dataclass(frozen=True)
class Started:
    """A question on its way; `seq` is the sequence number of the user's message."""

    chat_id: UUID
    run_id: UUID
    seq: int


class Asking:
    """Questions within a transaction that the caller opened."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def checked_prompt(self, given: str) -> str:
        """Without what no store takes, and no blanks around it. Raises Unprocessable where it is empty or too long."""
        prompt = clean_text(given).strip()
        if not prompt:
            raise Unprocessable("Write a question first.", code="prompt_empty")
        if len(prompt) > PROMPT_LIMIT:
            raise Unprocessable(
                f"The question is over {PROMPT_LIMIT:,} characters. Upload long text as a file.",
                code="prompt_too_long",
            )
        return prompt

    def checked(self, question: Question) -> Question:
        """Raises Unprocessable for an empty or overlong prompt, a wrong target or agent, Unavailable without a model."""
        prompt = self.checked_prompt(question.prompt)
        if question.agent is not None and question.agent not in self._roster.names:
            if question.agent == "claude":
                raise Unavailable(
                    "Claude is not set up here. Add a key in the settings, or ask the built-in analyst (`quick`).",
                    code="model_not_configured",
                )
            raise Unprocessable(
                f"There is no agent {question.agent!r}; there is {', '.join(sorted(self._roster.names))}.",
                code="agent_unknown",
            )
        if question.target is not None:
            parse_address(question.target)
        return replace(question, prompt=prompt)

    async def start(self, tx: Transaction, q: Question) -> Started:
        """Raises Conflict while the chat is answering, NotFound where it is not in that project."""
        await tx.projects.need(q.project_id, Role.EDITOR)
        if q.chat_id is None:
            agent = q.agent or self._roster.default
            chat = await tx.chats.create(q.project_id, _title(q.prompt), agent, q.mode)
        else:
            chat = await tx.chats.get(q.chat_id)
            if chat.project_id != q.project_id:
                raise NotFound("There is no such chat in this project.", code="chat_not_found")
            agent = q.agent or (chat.agent if chat.agent in self._roster.names else self._roster.default)
        await need_left(tx, q.project_id, agent)
        metadata: dict[str, object] = {"agent": agent, "mode": q.mode.value}
        if q.target:
            metadata["target"] = q.target
        seq = await tx.chats.ask(chat.id, q.prompt, metadata, agent, q.mode)
        args = {"agent": agent, "mode": q.mode.value, "target": q.target, "seq": seq}
        run = await tx.runs.create(RunKind.CHAT, q.project_id, chat.id, seq + 1, args)
        return Started(chat.id, run.id, seq)

    async def again(self, tx: Transaction, chat_id: UUID) -> Started:
        """Asks the chat's last question once more; what was answered counts no more.

        Raises Conflict while the chat is answering, Unprocessable where nothing was asked.
        """
        chat = await tx.chats.get(chat_id)
        await tx.projects.need(chat.project_id, Role.EDITOR)
        question = await tx.chats.last_question(chat_id)
        if question is None:
            raise Unprocessable(
                "Nothing was asked in this chat yet. Ask a question first.", code="nothing_asked"
            )
        told = question.metadata
        agent = next(
            (a for a in (told.get("agent"), chat.agent) if a in self._roster.names), self._roster.default
        )
        mode = told.get("mode", chat.mode.value)
        target = told.get("target")
        replaces = await tx.runs.of_question(chat_id, question.seq)
        await need_left(tx, chat.project_id, str(agent))
        seq = await tx.chats.ask_again(chat_id, question.seq, str(agent), ChatMode(str(mode)))
        args = {
            "agent": agent,
            "mode": mode,
            "target": target,
            "seq": question.seq,
            "replaces": [str(r) for r in replaces],
        }
        run = await tx.runs.create(RunKind.CHAT, chat.project_id, chat.id, seq + 1, args)
        return Started(chat.id, run.id, seq)

    async def branch(self, tx: Transaction, chat_id: UUID, seq: int, prompt: str | None) -> Chat:
        """A new chat from what was said before `seq`; a prompt is put as the question that stands there was, if one does."""
        origin = await tx.chats.get(chat_id)
        made = await tx.chats.branch(chat_id, seq, _branch_title(origin.title))
        if prompt is None:
            return made
        edited = next((m for m in await tx.chats.messages(chat_id, seq - 1, 1) if m.is_question), None)
        told = edited.metadata if edited else {}
        agent, target = told.get("agent"), told.get("target")
        question = Question(
            made.project_id,
            prompt,
            made.id,
            agent=str(agent) if agent in self._roster.names else None,
            mode=ChatMode(str(told.get("mode", made.mode.value))),
            target=str(target) if target else None,
        )
        await self.start(tx, question)
        return made


def _branch_title(title: str) -> str:
    return title if title.endswith(BRANCH) else f"{title[: TITLE_LENGTH - len(BRANCH)].rstrip()}{BRANCH}"


def _title(prompt: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in prompt).split())
    return (line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…") or "Chat"
