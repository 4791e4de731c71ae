"""The catalogue: every tool, bound to a workplace as a Toolbox."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from loguru import logger

from oryxforge.domain.errors import OryxError
from oryxforge.ports.toolbox import ToolResult, ToolSpec
from oryxforge.services.analysis import Analysis
from oryxforge.services.answers import Workplace
from oryxforge.services.artifacts import Artifacts
from oryxforge.tools.arguments import check

Handler = Callable[["Context", Mapping[str, object]], Awaitable[ToolResult]]


@dataclass(frozen=True)
class Context:
    """What a tool works with: for whom, where, and the services."""

    place: Workplace
    analysis: Analysis
    artifacts: Artifacts


@dataclass(frozen=True)
class Tool:
    spec: ToolSpec
    handler: Handler


class BoundTools:
    """The Toolbox port: the catalogue bound to one workplace."""

    def __init__(self, tools: Sequence[Tool], context: Context) -> None:
        self._tools = {t.spec.name: t for t in tools}
        self._context = context

    def specs(self) -> Sequence[ToolSpec]:
        return [t.spec for t in self._tools.values()]

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        tool = self._tools.get(name)
        if tool is None:
            return ToolResult(False, f"There is no tool {name!r}; there is {', '.join(self._tools)}.")
        fault = check(tool.spec.input_schema, arguments)
        if fault:
            return ToolResult(False, fault)
        try:
            return await tool.handler(self._context, arguments)
        except OryxError as error:
            return ToolResult(False, error.detail, {"code": error.code})
        except Exception:  # noqa: BLE001 - the agent's loop must go on, and learn no more than that it failed
            logger.exception("tool broke", tool=name)
            return ToolResult(
                False, "The tool failed; it was logged. Try another way.", {"code": "tool_failed"}
            )
