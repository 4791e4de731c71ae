"""The private folder of a server's socket, and how to ask whether the server behind it answers."""

import hashlib
import os
import socket
import stat
import struct
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path

from oryxforge.domain.errors import Unavailable

PORT = 5432
NAME = f".s.PGSQL.{PORT}"
LONGEST = 103  # of a socket's path, in bytes; macOS allows least
PROTOCOL_3 = 196608
STARTING_UP_OR_SHUTTING_DOWN = b"C57P03"


class Answer(Enum):
    """What is behind a socket."""

    NONE = auto()
    SILENT = auto()
    NOT_YET = auto()
    READY = auto()


def probe(folder: Path, timeout_s: float = 2.0) -> Answer:
    """Asks as pg_isready does: opens a session and leaves before it signs in."""
    fields = b"user\0postgres\0database\0postgres\0\0"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        try:
            connection.connect(str(folder / NAME))
            connection.sendall(struct.pack("!ii", 8 + len(fields), PROTOCOL_3) + fields)
            reply = connection.recv(4096)
        except TimeoutError:
            return Answer.SILENT
        except OSError:
            return Answer.NONE
    if not reply:
        return Answer.NONE
    return Answer.NOT_YET if STARTING_UP_OR_SHUTTING_DOWN in reply else Answer.READY


def make_socket_folder(data: Path) -> Path:
    """A folder that only this user can enter, the same for a data folder at each start unless somebody is in the way.

    Raises Unavailable where no folder for temporary files can be trusted.
    """
    for base in _bases():
        for attempt in range(5):
            folder = base / _name(data, attempt)
            if len(os.fsencode(folder)) + len(NAME) + 1 <= LONGEST and _claim(folder):
                return folder
    raise Unavailable(
        "No folder for temporary files is fit for the database's socket: it has to be short, writable, and owned by "
        "you or root. Set TMPDIR to such a folder.",
        code="no_socket_folder",
    )


def remove_socket_folder(folder: Path) -> None:
    """Removes the socket and its folder, when the folder is ours."""
    if not _private(folder):
        return
    for name in (NAME, f"{NAME}.lock"):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


def _bases() -> Iterator[Path]:
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108
        base = Path(place)
        try:
            found = base.stat()
        except OSError:
            continue
        shared = found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX
        if found.st_uid in (0, os.geteuid()) and not shared and os.access(base, os.W_OK | os.X_OK):
            yield base.resolve()


def _name(data: Path, attempt: int) -> str:
    place = data.parent.stat()
    key = f"{os.geteuid()} {place.st_dev} {place.st_ino} {data}"
    digest = hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()[:16]
    return f"oryxforge-{digest}" + (f"-{attempt}" if attempt else "")


def _claim(folder: Path) -> bool:
    """Makes the folder, or takes over one of ours in which no server lives."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not _private(folder) or probe(folder) is not Answer.NONE:
            return False
        for name in (NAME, f"{NAME}.lock"):
            (folder / name).unlink(missing_ok=True)
    except OSError:
        return False
    return _private(folder)


def _private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
