"""Where Claude's program lives while it answers, and the end of what a dead process of ours left there."""

import fcntl
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loguru import logger

from oryxforge.agents.claude import launch


@dataclass(frozen=True)
class TurnFolder:
    """The private files of one turn. `desk` is the empty folder that the program is started in."""

    root: Path
    desk: Path
    shim: Path
    watch: bool = False

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def config(self) -> Path:
        return self.root / "config"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def prompt(self) -> Path:
        return self.root / "system.md"

    @property
    def record(self) -> Path:
        return self.root / "pid"

    def make(self) -> None:
        for folder in (self.root, self.home, self.config, self.tmp):
            folder.mkdir(mode=0o700)

    def plan(self, program: Path, keep: Iterable[str]) -> dict[str, str]:
        """The variable that tells the launcher what to become, with which environment."""
        plan = {
            "program": str(program),
            "keep": [*keep],
            "parent": os.getpid(),
            "record": str(self.record),
            "watch": self.watch,
        }
        return {launch.PLAN: json.dumps(plan)}

    def kill(self) -> bool:
        """Kills the program of this turn at once; True where it was running."""
        try:
            pid = int(self.record.read_text())
        except (FileNotFoundError, ValueError):
            return False
        # The number may belong to another process by now; the program's command line names this folder.
        if str(self.root) not in _command(pid):
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    def remove(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


class WorkArea:
    """This process's part of the work folder, held by a lock that ends with the process."""

    def __init__(self, root: Path, *, watch: bool = False) -> None:
        self._root = root
        self._mine = root / uuid.uuid4().hex
        self._watch = watch
        self._lock: int | None = None

    def open(self) -> None:
        """Makes the folders and the launcher's shim, and reaps what dead processes left. Safe to call again."""
        if self._lock is not None:
            return
        # Locked before it gets its name, so that no other process takes it for a dead one's.
        new = self._root / f".{self._mine.name}"
        new.mkdir(parents=True, mode=0o700)
        (self._root / "desk").mkdir(mode=0o700, exist_ok=True)
        lock = os.open(new / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        _write_shim(new / "claude")
        new.rename(self._mine)
        self._lock = lock
        self._reap()

    def turn(self) -> TurnFolder:
        """A new turn's folder, not yet made."""
        name = f"turn-{uuid.uuid4().hex}"
        return TurnFolder(self._mine / name, self._root / "desk", self._mine / "claude", self._watch)

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
            shutil.rmtree(self._mine, ignore_errors=True)

    def _reap(self) -> None:
        for lock in self._root.glob("*/lock"):
            if lock.parent != self._mine and _is_free(lock):
                self._clear(lock.parent)

    def _clear(self, area: Path) -> None:
        for root in area.glob("turn-*"):
            if TurnFolder(root, root, root).kill():
                logger.warning("stray claude killed", folder=root.name)
        shutil.rmtree(area, ignore_errors=True)


def _write_shim(path: Path) -> None:
    command = shlex.join([sys.executable, "-I", "-S", launch.__file__])
    path.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    path.chmod(0o700)


def _is_free(lock: Path) -> bool:
    try:
        fd = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(fd)
    return True


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    found = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout
