"""What waits to be written to sockets: one write a socket, however many messages became ready together."""

import asyncio
from typing import Protocol


class Frames(Protocol):
    """The writing side of one websocket; whole frames go in."""

    def write(self, frames: bytes) -> None: ...
    def buffered(self) -> int:
        """Bytes that the peer has not taken yet."""
        ...

    def cut(self, code: int, reason: str) -> None:
        """Ends the socket; does not wait for a peer that takes nothing."""
        ...


class Post(Protocol):
    """A socket with messages."""

    def flush(self) -> None: ...


class Outbox:
    """Sockets that have something to write, written at the end of the loop's turn, or when `flush` is called."""

    def __init__(self) -> None:
        self._waiting: dict[Post, None] = {}
        self._due = False

    def add(self, post: Post) -> None:
        self._waiting[post] = None
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        self._due = False
        waiting, self._waiting = self._waiting, {}
        for post in waiting:
            post.flush()
