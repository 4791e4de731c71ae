"""Which processes belong to a data folder; never trusts a process id by itself."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PROGRAMS = ("postgres", "initdb")


@dataclass(frozen=True)
class PidFile:
    """What a postmaster wrote about itself."""

    pid: int
    sockets: Path | None
    ready: bool


def read_pid_file(data: Path) -> PidFile | None:
    """The data folder's postmaster.pid, or None where there is none that makes sense."""
    try:
        lines = (data / "postmaster.pid").read_text(errors="replace").splitlines()
    except OSError:
        return None
    if not lines or not lines[0].strip().isdigit():
        return None
    sockets = lines[4].strip() if len(lines) > 4 else ""
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    return PidFile(int(lines[0]), Path(sockets) if sockets else None, ready)


def is_postmaster_of(pid: int, data: Path) -> bool:
    """Whether that process is alive and a Postgres server of this very folder."""
    command = _command(pid)
    if not command or Path(command[0]).name != "postgres":
        return False
    try:
        return (PROC / str(pid) / "cwd").samefile(data)
    except OSError:
        return str(data) in command


def holders(lock: Path) -> list[int]:
    """Postgres processes that have the file open, as far as this user may see; only where there is a /proc."""
    found: list[int] = []
    if not sys.platform.startswith("linux"):
        return found
    try:
        wanted = lock.stat()
    except OSError:
        return found
    for process in PROC.iterdir():
        if process.name.isdigit() and _is_postgres(process) and _has_open(process, wanted):
            found.append(int(process.name))
    return found


def send(pid: int, number: signal.Signals) -> None:
    """Signals a process, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_postgres(process: Path) -> bool:
    try:
        return (process / "comm").read_text().strip() in PROGRAMS
    except OSError:
        return False


def _has_open(process: Path, wanted: os.stat_result) -> bool:
    try:
        links = list((process / "fd").iterdir())
    except OSError:
        return False
    for link in links:
        with suppress(OSError):
            if os.path.samestat(link.stat(), wanted):
                return True
    return False


def _command(pid: int) -> list[str]:
    if sys.platform.startswith("linux"):
        try:
            raw = (PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            return []
        return [os.fsdecode(part) for part in raw.split(b"\0") if part]
    listed = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.split()
