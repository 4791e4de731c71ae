"""Claude behind the Agent port: one program a turn, watched by one task."""

import asyncio
import importlib
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from loguru import logger

from oryxforge.agents.claude.client import Client
from oryxforge.agents.claude.events import Reader
from oryxforge.agents.claude.failures import End, broken, failure
from oryxforge.agents.claude.folders import TurnFolder, WorkArea
from oryxforge.agents.claude.options import environment, options
from oryxforge.agents.claude.prompt import question, system_prompt
from oryxforge.agents.claude.sessions import Memory, recall
from oryxforge.agents.claude.settings import ClaudeSettings
from oryxforge.agents.claude.tools import ToolCalls
from oryxforge.domain.chats import Piece
from oryxforge.domain.errors import OryxError
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.sessions import SessionLog
from oryxforge.ports.toolbox import Toolbox

if TYPE_CHECKING:
    from claude_agent_sdk.types import ResultMessage

Say = Callable[[Piece | Outcome], None]
STDERR_LINES = 200


class ClaudeBackend:
    """The Agent named `claude`. Without a session log, what was said before is told to the model in the prompt.

    `access` is asked at each answer how the model is reached now; without it, as `settings` say.
    """

    name = "claude"

    def __init__(
        self,
        settings: ClaudeSettings,
        sessions: SessionLog | None = None,
        access: Callable[[], ClaudeSettings] | None = None,
    ) -> None:
        self._access = access or (lambda: settings)
        self._sessions = sessions
        self._area = WorkArea(settings.work_folder)
        self._clients = asyncio.Semaphore(settings.max_clients)
        self._connects = asyncio.Semaphore(settings.max_connects)
        self._preparing = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    async def answer(self, turn: Turn, toolbox: Toolbox) -> AsyncGenerator[Piece | Outcome]:
        # Unbounded: whoever reads slowly must not block the program's own stream.
        said: asyncio.Queue[Piece | Outcome | None] = asyncio.Queue()
        task = asyncio.create_task(self._run(turn, toolbox, said.put_nowait))
        task.add_done_callback(lambda _: said.put_nowait(None))
        try:
            while (piece := await said.get()) is not None:
                yield piece
            await task
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def reap(self) -> None:
        """Ends what a dead process of ours left running, and its files; cheap. The first answer does it, too."""
        async with self._preparing:
            await asyncio.to_thread(self._area.open)

    async def prepare(self) -> None:
        """Reaps and loads the SDK (a second or two, and its memory), so that the first answer need not."""
        await self.reap()
        async with self._preparing:
            await asyncio.to_thread(importlib.import_module, "claude_agent_sdk")

    async def close(self) -> None:
        """Removes this process's work folder; no answer may be under way."""
        if self._closing:
            await asyncio.wait(self._closing)
        await asyncio.to_thread(self._area.close)

    async def _run(self, turn: Turn, toolbox: Toolbox, say: Say) -> None:
        settings = self._access().within(turn.budget_usd)
        async with self._clients:
            await self.prepare()
            folder = self._area.turn()
            try:
                await asyncio.to_thread(_furnish, folder, system_prompt(turn))
                await self._converse(settings, turn, toolbox, folder, say)
            finally:
                await self._surely(asyncio.to_thread(folder.remove))

    async def _converse(
        self, settings: ClaudeSettings, turn: Turn, toolbox: Toolbox, folder: TurnFolder, say: Say
    ) -> None:
        calls, stderr = ToolCalls(toolbox), deque[str](maxlen=STDERR_LINES)
        reader = Reader(calls.take)
        memory = await self._remember(settings, turn, folder)
        client = Client(
            options(settings, folder, calls.server(), memory.store, memory.session, stderr), folder
        )
        result: ResultMessage | None = None
        try:
            result = await self._listen(client, question(turn, memory.questions), reader, say)
        except OryxError:
            raise
        except Exception as error:  # noqa: BLE001 - the SDK raises plain Exception, too
            logger.opt(exception=error).warning("claude broke off", chat_id=str(turn.chat_id))
        finally:
            await self._surely(client.close())
            turn.bill.comes_to(client.cost_usd)
            memory.forget()
        for piece in calls.rest():
            say(piece)
        _conclude(settings.secrets(), turn, result, reader.error, stderr, say)

    async def _listen(self, client: Client, prompt: str, reader: Reader, say: Say) -> "ResultMessage | None":
        from claude_agent_sdk.types import MirrorErrorMessage, ResultMessage

        async with self._connects:
            await client.connect()
        async with aclosing(client.ask(prompt)) as messages:
            async for message in messages:
                for piece in reader.read(message):
                    say(piece)
                if isinstance(message, ResultMessage):
                    return message
                if isinstance(message, MirrorErrorMessage):
                    logger.warning("session not kept", error=message.error)
        return None

    async def _remember(self, settings: ClaudeSettings, turn: Turn, folder: TurnFolder) -> Memory:
        if self._sessions is None:
            return Memory()
        return await recall(self._sessions, turn, environment(settings, folder), folder.desk)

    async def _surely(self, work: Coroutine[object, object, None]) -> None:
        """Does the work to its end, also where the waiting for it is cancelled."""
        task = asyncio.create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        await asyncio.shield(task)


def _conclude(
    secrets: Sequence[str],
    turn: Turn,
    result: "ResultMessage | None",
    error: str | None,
    stderr: Iterable[str],
    say: Say,
) -> None:
    """Says the outcome, or raises Failed."""
    bound = logger.bind(chat_id=str(turn.chat_id), request_id=turn.request_id)
    if result is None:
        bound.warning("claude ended early", stderr=list(stderr)[-5:])
        raise broken(list(stderr), secrets)
    bound.info(
        "claude answered", cost_usd=result.total_cost_usd, steps=result.num_turns, ok=not result.is_error
    )
    if result.is_error or result.subtype != "success":
        raise failure(_end(result, error), secrets)
    say(Outcome(result.total_cost_usd or 0.0, _usage(result)))


def _furnish(folder: TurnFolder, system: str) -> None:
    folder.make()
    folder.prompt.write_text(system)


def _end(result: "ResultMessage", error: str | None) -> End:
    return End(
        subtype=result.subtype,
        status=result.api_error_status,
        error=error,
        text=result.result or "; ".join(result.errors or ()),
        reason=result.terminal_reason,
        cost_usd=result.total_cost_usd,
    )


def _usage(result: "ResultMessage") -> Mapping[str, object]:
    return {**(result.usage or {}), "steps": result.num_turns}
