"""Children forked from a process that has loaded everything: quick to start, and sharing its memory.

Forking needs a process whose other threads, if any, only wait (daemons do); `fork` checks it.
"""

import ctypes
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Collection
from pathlib import Path

SET_NAME = 15
LAST_WORDS_S = 5.0


class Lifeline:
    """A pipe of which only the parent holds the end that writes: it closes when the parent ends, however that happens."""

    def __init__(self) -> None:
        self.read_end, self._write_end = os.pipe()

    def watch(self) -> None:
        """In a child: asks this process to end when the parent has, and ends it where it does not listen."""
        threading.Thread(target=_follow, args=(self.read_end,), daemon=True, name="lifeline").start()


def _follow(read_end: int) -> None:
    os.read(read_end, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(LAST_WORDS_S)
    os._exit(1)


def fork(
    name: str, run: Callable[[], None], lifeline: Lifeline, log: Path, keep: Collection[int] = ()
) -> int:
    """Runs a function in a child whose output goes to `log`; its pid. Of open files it keeps only `keep`."""
    if [t for t in threading.enumerate() if not t.daemon] != [threading.main_thread()]:
        raise RuntimeError("forking beside a thread at work would copy its locks")
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _be_child(name, run, lifeline, log, keep)
    return pid


def _be_child(
    name: str, run: Callable[[], None], lifeline: Lifeline, log: Path, keep: Collection[int]
) -> None:
    code = 1
    try:
        os.setpgid(0, 0)
        _reset_signals()
        _redirect(log)
        _close_all_but({lifeline.read_end, *keep})
        _set_name(name)
        lifeline.watch()
        run()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except BaseException:  # noqa: BLE001 - the edge of a process: nothing of the parent's may run in it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _redirect(log: Path) -> None:
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)


def _close_all_but(kept: Collection[int]) -> None:
    start = 3
    for number in sorted(kept):
        os.closerange(start, number)
        start = number + 1
    os.closerange(start, max(start, os.sysconf("SC_OPEN_MAX")))


def _set_name(name: str) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_NAME, f"oryx-{name}".encode(), 0, 0, 0)


def last_lines(log: Path, count: int = 8) -> str:
    """The end of a log, for a person to read."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8000))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return "it wrote no log"
    return "\n".join(lines[-count:]) or "it wrote no log"
