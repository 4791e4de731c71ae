"""One websocket: its channels, and what its client says on them."""

import asyncio
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from loguru import logger

from oryxforge.embedded.gateway.callers import Caller, Refused
from oryxforge.embedded.gateway.realtime.asking import FAILURES
from oryxforge.embedded.gateway.realtime.changes import Subscription
from oryxforge.embedded.gateway.realtime.channel import PREFIX, UNHEARD, Channel
from oryxforge.embedded.gateway.realtime.filters import BadFilter
from oryxforge.embedded.gateway.realtime.hub import Hub
from oryxforge.embedded.gateway.realtime.joins import BadJoin, Join, read_join
from oryxforge.embedded.gateway.realtime.nesting import TOO_DEEP
from oryxforge.embedded.gateway.realtime.outbox import Frames
from oryxforge.embedded.gateway.realtime.private import ALL
from oryxforge.embedded.gateway.realtime.rates import Bucket
from oryxforge.embedded.gateway.realtime.replication import Lost
from oryxforge.embedded.gateway.realtime.wire import (
    BadMessage,
    Message,
    Version,
    read_binary,
    read_text,
    reply,
)

HEARTBEAT = "phoenix"
FAILED = "JoinFailed: Something failed here; try again"
AWAY = "Unable to subscribe to changes: the database is away; try again"


@dataclass(frozen=True, slots=True)
class _Joining:
    """A join that is not answered yet."""

    task: asyncio.Task[None]
    join_ref: str | None


class Socket:
    """Reads messages one by one; a join that must wait holds up nothing else."""

    def __init__(self, hub: Hub, frames: Frames, version: Version, caller: Caller) -> None:
        self._hub = hub
        self._frames = frames
        self.version: Version = version
        self.name = uuid4().hex
        self._caller = caller
        self._channels: dict[str, Channel] = {}
        self._joining: dict[str, _Joining] = {}
        self._asking: set[asyncio.Task[None]] = set()
        self._asked: dict[Channel, int] = {}
        self._tracked: dict[Channel, int] = {}
        self._out: list[bytes] = []
        self._messages = Bucket(hub.limits.messages_burst, hub.limits.messages_per_s)
        self._joins = Bucket(hub.limits.joins_burst, hub.limits.joins_per_s)
        self._ended = False
        self.heard_at = time.monotonic()

    @property
    def channels(self) -> list[Channel]:
        """Those that are joined now."""
        return list(self._channels.values())

    def send(self, frame: bytes) -> None:
        self._out.append(frame)
        self._hub.outbox.add(self)

    def flush(self) -> None:
        """Writes what waits in one go; ends a socket whose client takes nothing."""
        out, self._out = self._out, []
        if self._ended or not out:
            return
        self._frames.write(b"".join(out) if len(out) > 1 else out[0])
        if self._frames.buffered() > self._hub.limits.buffer_bytes:
            self.end(1008, "too slow: messages waited for this client until there were too many")

    def end(self, code: int, reason: str) -> None:
        """Ends the socket from this side."""
        if not self._ended:
            logger.info("realtime socket ended", code=code, reason=reason)
            self._frames.write(b"".join(self._out))
            try:
                self.gone()
            finally:
                self._frames.cut(code, reason)

    def gone(self) -> None:
        """The socket is no more: leaves all channels, whatever one of them raises."""
        self._ended = True
        for task in [*(joining.task for joining in self._joining.values()), *self._asking]:
            task.cancel()
        with ExitStack() as leaving:
            for channel in self._channels.values():
                leaving.callback(self.drop, channel)

    def drop(self, channel: Channel) -> None:
        if self._channels.get(channel.topic) is channel:
            del self._channels[channel.topic]
        channel.leave(self._left)

    def may_track(self, channel: Channel, size: int) -> bool:
        others = sum(self._tracked.values()) - self._tracked.get(channel, 0)
        limits = self._hub.limits
        if size > limits.presence_bytes or others + size > limits.presence_of_socket_bytes:
            return False
        self._tracked[channel] = size
        return True

    def _left(self, channel: Channel) -> None:
        self._asked.pop(channel, None)
        self._tracked.pop(channel, None)
        with ExitStack() as leaving:
            leaving.callback(self._hub.rooms.leave, channel.topic, channel.join.private, channel)
            leaving.callback(self._hub.changes.leave, channel)

    def hear(self, said: str | bytes) -> None:
        """A message of the client; one that can't be read is passed over."""
        self.heard_at = time.monotonic()
        if not self._messages.take():
            self.end(1008, "too many messages")
            return
        try:
            message = read_text(said, self.version) if isinstance(said, str) else read_binary(said)
        except BadMessage as error:
            logger.debug("realtime message not understood", cause=str(error))
            return
        self._do(message)

    def _do(self, message: Message) -> None:
        channel = self._channels.get(message.topic)
        if message.topic == HEARTBEAT:
            self.send(reply(self.version, message, "ok"))
        elif message.event == "phx_leave":
            self._leave(message, channel)
        elif message.too_deep:
            kind = "MalformedBroadcast" if message.event == "broadcast" else "MalformedMessage"
            self._refuse(message, f"{kind}: {TOO_DEEP}")
        elif message.event == "phx_join":
            self._start_join(message)
        elif channel is None:
            self._refuse(message, "unmatched topic")
        elif message.event == "access_token":
            self._renew(channel, message.payload)
        elif message.event in ("broadcast", "presence"):
            channel.hear(message)

    def _refuse(self, message: Message, reason: str) -> None:
        self.send(reply(self.version, message, "error", {"reason": reason}))

    def _leave(self, message: Message, channel: Channel | None) -> None:
        """Of the one that is meant: a leave may come late, when another of the same name has joined."""
        joining = self._joining.get(message.topic)
        if joining is not None and _means(message, joining.join_ref):
            del self._joining[message.topic]
            joining.task.cancel()
        left = channel if channel is not None and _means(message, channel.join_ref) else None
        if left is not None:
            self.drop(left)
        self.send(reply(self.version, message, "ok"))
        if left is not None:
            left.push_end("phx_close")

    def _start_join(self, message: Message) -> None:
        topic, limits = message.topic, self._hub.limits
        if not topic.startswith(PREFIX) or topic == PREFIX:
            self._refuse(message, "TopicNameRequired: You must provide a topic name")
        elif not self._joins.take():
            self._refuse(message, "ClientJoinRateLimitReached: Too many joins per second")
        elif len(self._joining) >= limits.joins_waiting:
            self._refuse(message, "ClientJoinRateLimitReached: Too many joins wait for their answers")
        elif len((self._channels.keys() | self._joining.keys()) - {topic}) >= limits.channels:
            self._refuse(message, "ChannelRateLimitReached: Too many channels")
        else:
            if (before := self._joining.pop(topic, None)) is not None:
                before.task.cancel()
            if (joined := self._channels.get(topic)) is not None:
                self.drop(joined)
            task = asyncio.create_task(self._join(message))
            self._joining[topic] = _Joining(task, message.join_ref)
            task.add_done_callback(lambda done: self._joined(topic, done))

    def _joined(self, topic: str, task: asyncio.Task[None]) -> None:
        joining = self._joining.get(topic)
        if joining is not None and joining.task is task:
            del self._joining[topic]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.opt(exception=error).error("join failed")

    async def _join(self, message: Message) -> None:
        """Raises what is at fault here, once the client is told."""
        channel: Channel | None = None
        try:
            join = read_join(message.payload)
            channel = await self._make_channel(message, join)
            await self._let_in(channel, message)
        except BadJoin as error:
            self._refuse(message, str(error))
        except Refused as error:
            self._refuse(message, f"{_word(error)}: {error}")
        except Exception:
            self._refuse(message, FAILED)
            if channel is not None:
                self.drop(channel)
            raise

    async def _let_in(self, channel: Channel, message: Message) -> None:
        join = channel.join
        subscription, fault = await self._prepare(channel, join)
        if subscription is not None and not await self._listen(channel, subscription):
            fault = AWAY
        if fault is not None and (join.waits or fault == AWAY):
            self._refuse(message, fault)
            return
        self._enter(channel, message, fault)

    async def _make_channel(self, message: Message, join: Join) -> Channel:
        subject = await self._hub.subject(join.token, self._caller)
        rights = ALL
        if join.private:
            name = message.topic.removeprefix(PREFIX)
            rights = await self._hub.rights_in(name, subject, subject.payer(self.name))
            if not rights.hears:
                raise BadJoin(f"{UNHEARD}: {name}")
        return Channel(self, message, join, subject, rights)

    async def _prepare(self, channel: Channel, join: Join) -> tuple[Subscription | None, str | None]:
        if not join.wishes:
            return None, None
        try:
            subscription = await self._hub.changes.prepare(channel, join.wishes)
        except BadFilter as error:
            return None, str(error)
        except (*FAILURES, Lost):
            return None, AWAY
        most = self._hub.limits.asked_filters
        if subscription.asked and sum(self._asked.values()) + subscription.asked > most:
            return None, f"Unable to subscribe: at most {most} filters of a socket may be other than eq"
        self._asked[channel] = subscription.asked
        return subscription, None

    async def _listen(self, channel: Channel, subscription: Subscription) -> bool:
        """What was delivered before the channel listened can be read by who gets the answer; False where that can't be told."""
        changes = self._hub.changes
        try:
            changes.listen(channel, subscription)
            await changes.settled()
        except BaseException as error:
            changes.leave(channel)
            self._asked.pop(channel, None)
            if isinstance(error, Lost):
                return False
            raise
        return not channel.has_left

    def _enter(self, channel: Channel, message: Message, fault: str | None) -> None:
        hub, join = self._hub, channel.join
        self._channels[channel.topic] = channel
        channel.room = hub.rooms.enter(channel.topic, join.private, channel)
        state = channel.room.state() if channel.hears_presence else None
        channel.answer(message, {"postgres_changes": [{**w.raw, "id": w.id} for w in join.wishes]})
        if fault is not None:
            channel.say("postgres_changes", "error", fault)
        elif join.wishes:
            channel.say("postgres_changes", "ok", "Subscribed to PostgreSQL")
        if state is not None:
            channel.push("presence_state", state)
        channel.release()
        channel.watch_expiry()

    def _renew(self, channel: Channel, payload: dict[str, Any]) -> None:
        token = payload.get("access_token")
        if not isinstance(token, str) or token == channel.token or token.startswith("sb_"):
            return
        channel.token = token
        task = asyncio.create_task(self._reconsider(channel, token))
        self._asking.add(task)
        task.add_done_callback(lambda done: self._joined(channel.topic, done))
        task.add_done_callback(self._asking.discard)

    async def _reconsider(self, channel: Channel, token: str) -> None:
        """Only the newest token of a channel counts."""
        try:
            subject = await self._hub.subject(token, self._caller)
            rights = ALL
            if channel.join.private:
                rights = await self._hub.rights_in(channel.name, subject, subject.payer(self.name))
        except Refused as error:
            if channel.token == token and error.code == "unavailable":
                channel.fail(str(error))
            elif channel.token == token:
                expired = error.code == "token_expired"
                channel.close("Token has expired" if expired else f"{_word(error)}: {error}")
            return
        if channel.token == token and not channel.has_left:
            channel.subject = subject
            channel.watch_expiry()
            channel.allow(rights)


def _means(leave: Message, join_ref: str | None) -> bool:
    return leave.join_ref == join_ref or leave.join_ref is None or join_ref is None


def _word(error: Refused) -> str:
    if error.code == "unavailable":
        return "DatabaseAway"
    return "Unauthorized" if error.is_of_account or error.code == "no_rights" else "InvalidJWTToken"
