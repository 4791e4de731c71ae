"""Topics and who is in them: broadcast and presence."""

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import uuid4

import orjson

from oryxforge.embedded.gateway.realtime.wire import Shout, Version, push, shout_frame


class Member(Protocol):
    """A channel in a room."""

    @property
    def topic(self) -> str: ...
    @property
    def version(self) -> Version: ...
    @property
    def hears_broadcasts(self) -> bool: ...
    @property
    def hears_presence(self) -> bool: ...
    @property
    def presence_key(self) -> str: ...
    def send(self, frame: bytes) -> None: ...


Meta = dict[str, Any]


class Room:
    """The members of one topic, and what they say of themselves."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._members: dict[Member, Meta | None] = {}

    def __len__(self) -> int:
        return len(self._members)

    def enter(self, member: Member) -> None:
        self._members[member] = None

    def leave(self, member: Member) -> None:
        before = self._members.pop(member, None)
        if before is not None:
            self._tell(member, joined=None, left=before)

    def broadcast(self, shout: Shout, sender: Member | None) -> None:
        """To all members but `sender`."""
        frames: dict[Version, bytes | None] = {}
        for member in self._members:
            if member is sender or not member.hears_broadcasts:
                continue
            if member.version not in frames:
                frames[member.version] = shout_frame(member.version, self._topic, shout)
            frame = frames[member.version]
            if frame is not None:
                member.send(frame)

    def state(self) -> bytes:
        """The presence of all, as JSON."""
        return orjson.dumps(_by_key((m.presence_key, meta) for m, meta in self._members.items() if meta))

    def track(self, member: Member, said: Meta) -> None:
        before = self._members.get(member)
        meta = {**said, "phx_ref": uuid4().hex[:16]}
        if before is not None:
            meta["phx_ref_prev"] = before["phx_ref"]
        self._tell(member, joined=meta, left=before)
        self._members[member] = meta

    def untrack(self, member: Member) -> None:
        before = self._members.get(member)
        if before is not None:
            self._members[member] = None
            self._tell(member, joined=None, left=before)

    def _tell(self, member: Member, joined: Meta | None, left: Meta | None) -> None:
        key = member.presence_key
        diff = orjson.dumps(
            {
                "joins": _by_key([(key, joined)] if joined else []),
                "leaves": _by_key([(key, left)] if left else []),
            }
        )
        frames: dict[Version, bytes] = {}
        for other in self._members:
            if other.hears_presence:
                if other.version not in frames:
                    frames[other.version] = push(other.version, self._topic, "presence_diff", diff)
                other.send(frames[other.version])


def _by_key(metas: Iterable[tuple[str, Meta]]) -> dict[str, dict[str, list[Meta]]]:
    found: dict[str, dict[str, list[Meta]]] = {}
    for key, meta in metas:
        found.setdefault(key, {"metas": []})["metas"].append(meta)
    return found


class Rooms:
    """Rooms by topic; the private and the public one of a name are two."""

    def __init__(self) -> None:
        self._rooms: dict[tuple[str, bool], Room] = {}

    def enter(self, topic: str, private: bool, member: Member) -> Room:
        room = self._rooms.setdefault((topic, private), Room(topic))
        room.enter(member)
        return room

    def leave(self, topic: str, private: bool, member: Member) -> None:
        room = self._rooms.get((topic, private))
        if room is not None:
            try:
                room.leave(member)
            finally:
                if not len(room):
                    del self._rooms[topic, private]

    def broadcast(self, topic: str, private: bool, shout: Shout) -> None:
        room = self._rooms.get((topic, private))
        if room is not None:
            room.broadcast(shout, None)
