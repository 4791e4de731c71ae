"""Rights are asked about again without one person holding up the others."""

import asyncio
from dataclasses import dataclass, field

from oryxforge.embedded.gateway.callers import Caller, Refused
from oryxforge.embedded.gateway.realtime.asking import Subject
from oryxforge.embedded.gateway.realtime.channel import Channel
from oryxforge.embedded.gateway.realtime.joins import read_join
from oryxforge.embedded.gateway.realtime.keeping import AT_ONCE, Keeper
from oryxforge.embedded.gateway.realtime.private import ALL, Rights
from oryxforge.embedded.gateway.realtime.wire import V2, Message, Version

NONE = Rights(frozenset(), frozenset())


@dataclass(eq=False)
class Peer:
    """A socket that keeps what is sent."""

    user: str
    topics: int
    version: Version = V2
    name: str = "s"
    sent: list[bytes] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)

    def __post_init__(self) -> None:
        subject = Subject(Caller("authenticated", {"sub": self.user}))
        for n in range(self.topics):
            message = Message(f"realtime:{self.user}{n}", "phx_join", {})
            join = read_join({"config": {"private": True}})
            self.channels.append(Channel(self, message, join, subject, ALL))

    def send(self, frame: bytes) -> None:
        self.sent.append(frame)

    def drop(self, channel: Channel) -> None:
        self.channels.remove(channel)
        channel.leave(lambda _: None)

    def may_track(self, channel: Channel, size: int) -> bool:
        return True

    def end(self, code: int, reason: str) -> None:
        raise AssertionError(reason)


class Scene:
    def __init__(self, *peers: Peer) -> None:
        self.asked: list[str] = []
        self.lost: set[str] = set()
        self.away = False
        self.keeper = Keeper(peers, None, self._rights, self._settled)

    async def _rights(self, topic: str, subject: Subject) -> Rights:
        self.asked.append(topic)
        await asyncio.sleep(0)
        if self.away:
            raise Refused("unavailable", "away")
        return NONE if topic in self.lost else ALL

    async def _settled(self) -> None: ...

    async def until_asked(self, topic: str) -> None:
        task = asyncio.create_task(self.keeper.keep_rights(600))
        self.keeper.rights_changed()
        async with asyncio.timeout(5):
            while topic not in self.asked:
                await asyncio.sleep(0.001)
        task.cancel()


async def test_who_is_in_many_channels_holds_up_nobody() -> None:
    many, few = Peer("many", 200), Peer("few", 1)
    scene = Scene(many, few)
    scene.lost = {"few0"}
    await scene.until_asked("few0")
    assert len(scene.asked) == AT_ONCE + 1
    await asyncio.sleep(0)
    assert few.channels == []


async def test_all_of_them_are_asked_about_in_the_end() -> None:
    many = Peer("many", 3 * AT_ONCE)
    scene = Scene(many)
    scene.lost = {f"many{n}" for n in range(many.topics)}
    await scene.until_asked(f"many{many.topics - 1}")
    assert len(scene.asked) == len(set(scene.asked)) == many.topics


async def test_a_database_that_is_away_cuts_nobody_off() -> None:
    peer = Peer("ada", 2)
    scene = Scene(peer)
    scene.away = True
    await scene.until_asked("ada1")
    assert len(peer.channels) == 2 and peer.sent == []
