"""How `oryxforge mcp serve` holds on to its server."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import pytest

from oryxforge.cli.client import Client
from oryxforge.cli.door import Door
from oryxforge.cli.mcp import Line
from oryxforge.domain.errors import OryxError, Unauthenticated, Unavailable


class OneAnswer:
    """A server that answers everything alike."""

    def __init__(self, answer: Mapping[str, Any] | OryxError) -> None:
        self._answer = answer

    def post(self, path: str, _body: Mapping[str, object]) -> Mapping[str, Any]:
        if isinstance(self._answer, OryxError):
            raise self._answer
        return {"at": path, **self._answer}


class DoorTo(Door):
    """Connects to one server after the other."""

    def __init__(self, *servers: OneAnswer) -> None:
        self._servers = iter(servers)

    @cached_property
    def client(self) -> Client:
        return cast("Client", next(self._servers))


OUT_OF_TIME = Unauthenticated("The token has run out.", code="token_expired")
AWAY = Unavailable("It can't be reached.", code="server_unreachable")
MAYBE_DONE = [
    Unavailable("It did not answer in time.", code="server_silent"),
    Unavailable("It broke off.", code="server_broke_off"),
]


@pytest.mark.parametrize("error", [OUT_OF_TIME, AWAY])
def test_it_connects_anew_once(error: OryxError) -> None:
    line = Line(DoorTo(OneAnswer(error), OneAnswer({"ok": True})), "/mcp")
    assert [line.post({}), line.post({})] == [{"at": "/mcp", "ok": True}] * 2
    with pytest.raises(type(error)):
        Line(DoorTo(OneAnswer(error), OneAnswer(error)), "/mcp").post({})


@pytest.mark.parametrize("error", MAYBE_DONE)
def test_what_may_have_been_done_is_not_done_again(error: OryxError) -> None:
    with pytest.raises(Unavailable):
        Line(DoorTo(OneAnswer(error), OneAnswer({})), "/mcp").post({})
