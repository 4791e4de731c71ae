"""One piece of work for many who ask for it."""

import asyncio
from collections.abc import Awaitable, Callable


class Together:
    """Runs `work` for all who ask; who comes while it runs shares the next run, so that each run began after its asking."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._next: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None

    async def done(self) -> None:
        """Raises what `work` raises."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
            if self._task is None:
                self._task = asyncio.create_task(self._run())
        await asyncio.shield(self._next)

    async def _run(self) -> None:
        while (waiting := self._next) is not None:
            self._next = None
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001 - it is those who wait that it is raised for
                waiting.set_exception(error)
                # Whoever waited may have gone away.
                waiting.exception()
            else:
                waiting.set_result(None)
        self._task = None
