"""One run of Claude's program, from its start to its sure end."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import TYPE_CHECKING

from loguru import logger

from oryxforge.agents.claude.folders import TurnFolder

if TYPE_CHECKING:
    from claude_agent_sdk import ClaudeAgentOptions
    from claude_agent_sdk.types import Message

# A program that is killed before it says what it cost costs nobody anything: most of the second is for that.
INTERRUPT_S = 0.6
STOP_S = 0.85
CONNECT_S = 60.0


class Client:
    """Owned by one task. Whatever happens in it, `close` ends the program within a second.

    `cost_usd` is what the program has said that it cost; a program that is stopped says so while it is closed.
    """

    def __init__(self, options: "ClaudeAgentOptions", folder: TurnFolder) -> None:
        from claude_agent_sdk import ClaudeSDKClient

        self._sdk = ClaudeSDKClient(options)
        self._folder = folder
        self._connecting: asyncio.Task[None] | None = None
        self._answering = False
        self.cost_usd = 0.0

    async def connect(self) -> None:
        self._connecting = asyncio.create_task(self._sdk.connect())
        async with asyncio.timeout(CONNECT_S):
            await asyncio.shield(self._connecting)

    async def ask(self, prompt: str) -> "AsyncGenerator[Message]":
        """The messages up to the result; ends early where the program does."""
        await self._sdk.query(prompt)
        self._answering = True
        async for message in self._sdk.receive_response():
            self._note(message)
            yield message

    async def close(self) -> None:
        """Ends the program: asked to stop first, so that the session keeps what was said, then killed."""
        try:
            await self._close()
        except asyncio.CancelledError:
            self._folder.kill()
            raise

    async def _close(self) -> None:
        now = asyncio.get_running_loop().time
        started, connecting = now(), self._connecting
        if connecting is not None and not connecting.done():
            connecting.cancel()
            await self._end(connecting, 0.0)
        elif self._answering:
            await self._interrupt()
        await self._end(asyncio.create_task(self._sdk.disconnect()), started + STOP_S - now())

    async def _interrupt(self) -> None:
        """The stream is read on while the program stops: unread, it would block its own answer."""
        rest = asyncio.create_task(self._exhaust())
        asked = asyncio.create_task(self._sdk.interrupt())
        await asyncio.wait({rest}, timeout=INTERRUPT_S)
        for task in (rest, asked):
            task.cancel()
        for problem in await asyncio.gather(rest, asked, return_exceptions=True):
            if isinstance(problem, Exception):
                logger.debug("claude was not stopped politely", error=repr(problem))

    async def _exhaust(self) -> None:
        async for message in self._sdk.receive_response():
            self._note(message)

    def _note(self, message: "Message") -> None:
        from claude_agent_sdk.types import ResultMessage

        if isinstance(message, ResultMessage):
            self._answering = False
            self.cost_usd = message.total_cost_usd or 0.0

    async def _end(self, task: asyncio.Task[None], grace_s: float) -> None:
        """Waits for the task, and kills the program where that takes too long."""
        await asyncio.wait({task}, timeout=grace_s)
        while not task.done():
            await asyncio.to_thread(self._folder.kill)
            await asyncio.wait({task}, timeout=0.05)
        with suppress(asyncio.CancelledError):
            if (problem := task.exception()) is not None:
                logger.debug("claude ended with an error", error=repr(problem))
