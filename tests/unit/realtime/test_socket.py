"""A socket leaves nothing behind, whatever fails while it joins or leaves."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest

from oryxforge.embedded.gateway.callers import Caller, Callers
from oryxforge.embedded.gateway.keys import load_or_create_keys
from oryxforge.embedded.gateway.realtime.app import Realtime, RealtimeSettings
from oryxforge.embedded.gateway.realtime.hub import Hub, Limits
from oryxforge.embedded.gateway.realtime.protocol import EXTENSION
from oryxforge.embedded.gateway.realtime.rooms import Room
from oryxforge.embedded.gateway.realtime.sight import Scopes
from oryxforge.embedded.gateway.realtime.socket import Socket
from oryxforge.embedded.gateway.realtime.wire import V2, Version


@dataclass
class Kept:
    """Keeps what is written."""

    written: bytes = b""
    cut_with: tuple[int, str] | None = None

    def write(self, frames: bytes) -> None:
        self.written += frames

    def buffered(self) -> int:
        return 0

    def cut(self, code: int, reason: str) -> None:
        self.cut_with = code, reason


@dataclass(eq=False)
class Broken:
    """Somebody in a room who can't be told anything."""

    topic: str
    version: Version = V2
    hears_broadcasts: bool = True
    hears_presence: bool = True
    presence_key: str = "broken"
    failures: list[bytes] = field(default_factory=list)

    def send(self, frame: bytes) -> None:
        self.failures.append(frame)
        raise ConnectionError("broken")


class Scene:
    """A socket of a hub whose database nobody asks."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        callers = Callers(load_or_create_keys(folder / "keys.json"), [], "issuer")
        self.hub = Hub("postgresql://nowhere.invalid/", callers, Scopes(), limits or Limits())
        self.frames = Kept()
        self.socket = Socket(self.hub, self.frames, V2, Caller("anon"))

    async def say(self, topic: str, event: str, payload: object) -> None:
        self.hear(topic, event, payload)
        for _ in range(5):
            await asyncio.sleep(0)

    def hear(self, topic: str, event: str, payload: object) -> None:
        self.socket.hear(orjson.dumps(["1", "1", f"realtime:{topic}", event, payload]).decode())

    async def join(self, topic: str) -> None:
        await self.say(topic, "phx_join", {})
        await self.say(topic, "presence", {"event": "track", "payload": {}})

    def left_in(self, topic: str) -> int:
        """How many are in a room."""
        room = self.hub.rooms.enter(f"realtime:{topic}", False, Broken(topic))
        return len(room) - 1


@pytest.mark.parametrize("ends", [True, False])
async def test_all_channels_are_left_whatever_one_of_them_raises(tmp_path: Path, ends: bool) -> None:
    scene = Scene(tmp_path)
    for topic in ("a", "b", "c"):
        await scene.join(topic)
    broken = Broken("realtime:b")
    scene.hub.rooms.enter("realtime:b", False, broken)
    with pytest.raises(ConnectionError):
        scene.socket.end(1001, "over") if ends else scene.socket.gone()
    assert broken.failures and scene.socket.channels == []
    assert [scene.left_in(topic) for topic in ("a", "b", "c")] == [0, 1, 0]
    assert scene.frames.cut_with == ((1001, "over") if ends else None)


async def test_a_join_that_fails_is_answered_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Room) -> bytes:
        raise TypeError("not to be written")

    scene = Scene(tmp_path)
    monkeypatch.setattr(Room, "state", fail)
    await scene.say("a", "phx_join", {})
    assert b"JoinFailed" in scene.frames.written and b'"status":"ok"' not in scene.frames.written
    assert scene.socket.channels == [] and scene.left_in("a") == 0


async def test_many_messages_of_one_leave_turns_to_the_others(tmp_path: Path) -> None:
    keys = load_or_create_keys(tmp_path / "keys.json")
    frames, turns = Kept(), 0
    said = [
        {"type": "websocket.receive", "text": '[null,"1","phoenix","heartbeat",{}]'} for _ in range(1_000)
    ]
    arrived = iter([{"type": "websocket.connect"}, *said, {"type": "websocket.disconnect"}])

    async def receive() -> dict[str, str]:
        return next(arrived)

    async def send(message: object) -> None: ...

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    realtime = Realtime(RealtimeSettings("postgresql://nowhere.invalid/"), Callers(keys, [], "issuer"))
    scope = {
        "type": "websocket",
        "path": "/websocket",
        "query_string": f"apikey={keys.publishable}&vsn=2.0.0".encode(),
        "extensions": {EXTENSION: frames},
    }
    await realtime.app(scope, receive, send)
    task.cancel()
    assert turns >= 40 and frames.written.count(b"phx_reply") == 1_000


async def test_only_so_many_joins_wait_at_a_time(tmp_path: Path) -> None:
    scene = Scene(tmp_path, Limits(joins_waiting=3))
    for n in range(5):
        scene.hear(f"many{n}", "phx_join", {})
    await scene.say("late", "phx_join", {})
    assert scene.frames.written.count(b"Too many joins wait") == 3
    await scene.say("many4", "phx_join", {})
    assert {c.name for c in scene.socket.channels} == {"many0", "many1", "many2", "many4"}
