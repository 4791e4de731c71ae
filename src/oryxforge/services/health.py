"""Whether what this process needs is there."""

from collections.abc import Awaitable, Callable, Mapping

from oryxforge.domain.errors import OryxError

Check = Callable[[], Awaitable[None]]


class Health:
    """Checks by name; each raises an OryxError where something is wrong."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks

    async def ready(self) -> dict[str, str]:
        """For each dependency `ok`, or a sentence."""
        return {name: await _said(check) for name, check in self._checks.items()}


async def _said(check: Check) -> str:
    try:
        await check()
    except OryxError as error:
        return error.detail
    return "ok"
