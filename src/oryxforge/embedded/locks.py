"""File locks that a process holds with an open file, and so gives back however it ends."""

import errno
import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from oryxforge.domain.errors import Conflict, Unavailable

STEP_S = 0.01


def take(path: Path) -> int | None:
    """The open file that holds the lock, or None while another holds it. Raises Unavailable where locks don't work."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return None
        raise Unavailable(
            f"{path.parent} is on a file system without locks. Choose a data folder on a local disk.",
            code="folder_without_locks",
        ) from error
    return fd


def take_within(path: Path, timeout_s: float) -> int | None:
    """As `take`, but waits."""
    end = time.monotonic() + timeout_s
    while (fd := take(path)) is None and time.monotonic() < end:
        time.sleep(STEP_S)
    return fd


@contextmanager
def held(path: Path, timeout_s: float) -> Generator[None]:
    """Holds the lock for the block. Raises Conflict when another process keeps it for too long."""
    fd = take_within(path, timeout_s)
    if fd is None:
        raise Conflict(
            f"Another process has been starting or stopping the database in {path.parent} for {timeout_s:.0f} s. "
            "Wait for it, or end it, and try again.",
            code="database_busy",
        )
    try:
        yield
    finally:
        os.close(fd)
