"""One joined channel of one socket."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol

import orjson

from oryxforge.embedded.gateway.realtime.asking import Subject
from oryxforge.embedded.gateway.realtime.joins import Join
from oryxforge.embedded.gateway.realtime.private import Rights
from oryxforge.embedded.gateway.realtime.rooms import Room
from oryxforge.embedded.gateway.realtime.wire import (
    Message,
    Shout,
    Version,
    around_changes,
    end_push,
    frame,
    push,
    reply,
)

PREFIX = "realtime:"
UNHEARD = "Unauthorized: You do not have permissions to read from this Channel topic"


class Sender(Protocol):
    """The socket of a channel."""

    @property
    def version(self) -> Version: ...
    @property
    def name(self) -> str:
        """Its own among all sockets."""
        ...

    def send(self, frame: bytes) -> None: ...
    def drop(self, channel: "Channel") -> None:
        """Forgets the channel; nothing more is sent to it."""
        ...

    def may_track(self, channel: "Channel", size: int) -> bool:
        """Whether the channel may show a presence of so many bytes; if so, it counts from now on."""
        ...


class Channel:
    """Sends what its client asked for; broadcast and presence go through its room."""

    def __init__(
        self, socket: Sender, message: Message, join: Join, subject: Subject, rights: Rights
    ) -> None:
        self._socket = socket
        self.topic = message.topic
        self.join_ref = message.join_ref
        self.join = join
        self.subject = subject
        self.rights = rights
        self.token = join.token
        self.room: Room | None = None
        self._around: dict[tuple[int, ...], tuple[bytes, bytes]] = {}
        self._expiry: asyncio.TimerHandle | None = None
        self._left = False
        self._held: list[bytes] | None = []

    @property
    def name(self) -> str:
        """The topic as clients and policies know it."""
        return self.topic.removeprefix(PREFIX)

    @property
    def version(self) -> Version:
        return self._socket.version

    @property
    def hears_broadcasts(self) -> bool:
        return "broadcast" in self.rights.hears

    @property
    def hears_presence(self) -> bool:
        return self.join.presence and "presence" in self.rights.hears

    @property
    def presence_key(self) -> str:
        return self.join.presence_key

    @property
    def payer(self) -> tuple[str, str]:
        return self.subject.payer(self._socket.name)

    def send(self, frame: bytes) -> None:
        self._socket.send(frame)

    def push(self, event: str, payload: bytes) -> None:
        """JSON that is for this channel, not for another of its name that comes after it."""
        self._socket.send(push(self.version, self.topic, event, payload, self.join_ref))

    def push_end(self, event: str, payload: bytes = b"{}") -> None:
        self._socket.send(end_push(self.version, self.topic, event, payload, self.join_ref))

    def answer(self, message: Message, response: dict[str, Any] | None = None) -> None:
        self._socket.send(reply(self.version, message, "ok", response))

    def refuse(self, message: Message, reason: str) -> None:
        self._socket.send(reply(self.version, message, "error", {"reason": reason}))

    def say(self, extension: str, status: str, text: str) -> None:
        """A system message."""
        said = {"extension": extension, "status": status, "message": text, "channel": self.name}
        self.push("system", orjson.dumps(said))

    def send_change(self, ids: tuple[int, ...], data: bytes) -> None:
        if self._left:
            return
        around = self._around.get(ids)
        if around is None:
            around = self._around[ids] = around_changes(self.version, self.topic, ids)
        framed = frame(b"%b%b%b" % (around[0], data, around[1]))
        if self._held is None:
            self._socket.send(framed)
        else:
            self._held.append(framed)

    @property
    def has_left(self) -> bool:
        return self._left

    def release(self) -> None:
        """Sends the changes that came before the join was answered; from now on they go out at once."""
        held, self._held = self._held or [], None
        for framed in held:
            self._socket.send(framed)

    def fail(self, reason: str) -> None:
        """The client joins anew by itself."""
        if self._left:
            return
        self.say("postgres_changes", "error", reason)
        self.push_end("phx_error", orjson.dumps({"reason": reason}))
        self._socket.drop(self)

    def close(self, reason: str) -> None:
        """The client stays out until it joins anew."""
        if self._left:
            return
        self.say("system", "error", reason)
        self.push_end("phx_close")
        self._socket.drop(self)

    def allow(self, rights: Rights) -> None:
        """Takes on what policies say now: tells what is lost, and ends where nothing may be heard any more."""
        if self._left:
            return
        before, self.rights = self.rights, rights
        if not rights.hears:
            self.close(UNHEARD)
            return
        if "presence" in before.sends - rights.sends and self.room is not None:
            self.room.untrack(self)
            self._socket.may_track(self, 0)
        for verb, lost in (("hear", before.hears - rights.hears), ("send", before.sends - rights.sends)):
            if lost:
                self.say(
                    "system",
                    "error",
                    f"Unauthorized: You may no longer {verb} {', '.join(sorted(lost))} here",
                )

    def watch_expiry(self) -> None:
        """Closes the channel when its token's time is over."""
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        expires = self.subject.caller.expires_at
        if expires is not None:
            loop = asyncio.get_running_loop()
            self._expiry = loop.call_later(max(0.0, expires - time.time()), self._expire)

    def _expire(self) -> None:
        self.close("Token has expired")

    def hear(self, message: Message) -> None:
        """A broadcast or presence message of the client."""
        room = self.room
        if room is None:
            return
        if message.event == "broadcast":
            self._broadcast(message, room)
        elif "presence" not in self.rights.sends:
            self.refuse(message, "Unauthorized: You do not have permissions to track presence here")
        elif message.payload.get("event") == "track":
            said = message.payload.get("payload")
            meta = said if isinstance(said, dict) else {}
            if not self._socket.may_track(self, len(orjson.dumps(meta))):
                self.refuse(message, "PresenceTooLarge: track less here, or untrack elsewhere")
                return
            room.track(self, meta)
            self.answer(message)
        elif message.payload.get("event") == "untrack":
            room.untrack(self)
            self._socket.may_track(self, 0)
            self.answer(message)
        else:
            self.refuse(message, "UnknownPresenceEvent: track or untrack")

    def _broadcast(self, message: Message, room: Room) -> None:
        if "broadcast" not in self.rights.sends:
            if self.join.ack:
                self.refuse(
                    message, "Unauthorized: You do not have permissions to write to this Channel topic"
                )
            return
        shout = message.shout or as_shout(message.payload)
        if shout is None:
            self.refuse(message, "MalformedBroadcast: an event and a payload")
            return
        room.broadcast(shout, None if self.join.to_self else self)
        if self.join.ack:
            self.answer(message)

    def leave(self, left: Callable[["Channel"], None]) -> None:
        """For its socket: ends timers; `left` takes it out of its room."""
        self._left = True
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        left(self)


def as_shout(payload: dict[str, Any]) -> Shout | None:
    """A broadcast that came as JSON; None where it names no event."""
    event = payload.get("event")
    if not isinstance(event, str):
        return None
    return Shout(event, orjson.dumps(payload.get("payload", {})))
