"""What a child of `up` says to the terminal that `up` was started in."""

import os
import queue
import threading

from loguru import logger

MOST_WAITING = 100


class Voice:
    """Lines to a file that may be a pipe nobody reads: they wait in a thread, and are lost before they hold anybody up.

    `fd` is the file; a fork that uses the voice has to keep it open.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._waiting: queue.Queue[str] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None

    def say(self, line: str) -> None:
        """One line; what can't be printed in it becomes a question mark."""
        try:
            self._waiting.put_nowait("".join(c if c.isprintable() else "?" for c in line) + "\n")
        except queue.Full:
            logger.warning("a line for the terminal was lost, nobody reads")
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, name="voice", daemon=True)
            self._thread.start()

    def _write(self) -> None:
        while True:
            left = self._waiting.get().encode()
            try:
                while left:
                    left = left[os.write(self.fd, left) :]
            except OSError as error:
                logger.warning("the terminal takes no lines", cause=error.strerror)
