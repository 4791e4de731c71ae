"""Keeps the database and the forked parts of the product running until it is told to stop."""

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from oryxforge.domain.errors import OryxError
from oryxforge.embedded.children import Lifeline, fork, last_lines
from oryxforge.embedded.home import Home, Process, Running
from oryxforge.embedded.pulse import Pulse, Silence

GRACE_S = 5.0
INSTANT_S = 5.0
INSTANT_DEATHS = 5
LONGEST_WAIT_S = 2.0
LOOK_EVERY_S = 0.5
HUNG_S = 30.0
LOG_LIMIT = 20_000_000


class Database(Protocol):
    """A database that runs from the data folder; `start` also adopts one that runs already."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def alive(self) -> bool: ...


@dataclass(frozen=True)
class Part:
    """A part of the product; `run` is called in a child and returns when it is told to stop by SIGTERM.

    One that has a pulse beats it every second or so: where it stands still, the child is killed and made again.
    """

    name: str
    run: Callable[[], None]
    keep: Collection[int] = ()
    pulse: Pulse | None = None


@dataclass
class _Kept:
    """A part's child, or when to make the next one. `deaths` counts those in a row that came at once."""

    part: Part
    process: Process | None = None
    born: float = 0.0
    deaths: int = 0
    due: float = 0.0
    silence: Silence | None = None

    def died(self, now: float) -> None:
        self.process = None
        self.deaths = self.deaths + 1 if now - self.born < INSTANT_S else 0
        self.due = now + min(LONGEST_WAIT_S, 0.1 * 2**self.deaths if self.deaths else 0)


class Stop:
    """Whether a signal asked this process to end; usable with `&`, where the shell has SIGINT ignored."""

    def __init__(self) -> None:
        self.asked = 0
        self._woken, waker = os.pipe()
        for end in (self._woken, waker):
            os.set_blocking(end, False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._ask)
        signal.signal(signal.SIGCHLD, _only_wake)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)

    def _ask(self, *_: object) -> None:
        self.asked += 1

    def wait(self, seconds: float) -> None:
        """Waits, at most so long, for a signal: a child's end is one too."""
        ready, _, _ = select.select([self._woken], [], [], max(0, seconds))
        if ready:
            os.read(self._woken, 4096)


def _only_wake(*_: object) -> None: ...


class Supervisor:
    def __init__(self, home: Home, stop: Stop, database: Database | None, hung_s: float = HUNG_S) -> None:
        self._hung_s = hung_s
        self._home = home
        self._stop = stop
        self._database = database
        self._lifeline = Lifeline()
        self._kept: list[_Kept] = []
        self._said = Running(Process.of(os.getpid()))
        self._database_deaths = 0
        self._database_since = time.monotonic()

    @property
    def lifeline(self) -> Lifeline:
        return self._lifeline

    @contextmanager
    def running(self, parts: Sequence[Part], said: Running) -> Generator[None]:
        """Starts the parts and says so in the data folder; at the end of the block every one of them is gone."""
        self._said = said
        try:
            for part in parts:
                kept = _Kept(part)
                self._kept.append(kept)
                self._start(kept)
            yield
        finally:
            self._end_all()

    def watch(self, until: Callable[[], bool] = lambda: False, look_every_s: float = LOOK_EVERY_S) -> bool:
        """Keeps everything running until the condition holds (True) or this process is told to end (False).

        Raises Failed where a part or the database ends again and again at once.
        """
        while not self._stop.asked:
            self._keep_all()
            if until():
                return True
            self._stop.wait(look_every_s)
        return False

    def _keep_all(self) -> None:
        """A full disk, or no room for another process, passes: what could not be done now is tried again."""
        try:
            self._keep_database()
            self._keep_parts()
        except OSError as error:
            _say(f"{error.strerror}: {error.filename or 'a process could not be started'}; it is tried again")
            self._stop.wait(LONGEST_WAIT_S)

    def _keep_parts(self) -> None:
        now = time.monotonic()
        for kept in self._kept:
            if kept.process is not None and (status := _ended(kept.process.pid)) is not None:
                kept.died(now)
                _say(f"{kept.part.name} ended ({_how(status)}); it is started again")
                if kept.deaths >= INSTANT_DEATHS:
                    raise self._given_up(kept.part.name)
            if kept.process is None and now >= kept.due:
                self._start(kept)
            self._end_hung(kept, now)
            _trim(self._home, kept.part.name)

    def _end_hung(self, kept: _Kept, now: float) -> None:
        """A stopped process takes no other signal, and a worker that hangs holds its chats for as long as it lives."""
        if kept.process is None or kept.silence is None or kept.silence.look(now) < self._hung_s:
            return
        _say(f"{kept.part.name} does nothing any more; it is ended")
        kept.silence = None
        os.kill(kept.process.pid, signal.SIGKILL)

    def _keep_database(self) -> None:
        if self._database is None or self._database.alive():
            return
        now = time.monotonic()
        self._database_deaths = self._database_deaths + 1 if now - self._database_since < INSTANT_S else 0
        if self._database_deaths >= INSTANT_DEATHS:
            raise self._given_up("postgres")
        _say("postgres ended; it is started again")
        try:
            self._database.start()
        except OryxError as error:
            _say(error.detail)
            self._stop.wait(LONGEST_WAIT_S)
        self._database_since = time.monotonic()

    def _given_up(self, name: str) -> OryxError:
        log = self._home.log_of(name)
        return OryxError(
            f"{name} ended at once {INSTANT_DEATHS} times in a row; the end of {log} says why.",
            code="start_failed",
            extra={"log": last_lines(log)},
        )

    def _start(self, kept: _Kept) -> None:
        part = kept.part
        log = self._home.log_of(part.name)
        kept.silence = Silence(part.pulse) if part.pulse is not None else None
        kept.due = time.monotonic() + LONGEST_WAIT_S
        pid = fork(part.name, part.run, self._lifeline, log, part.keep)
        kept.process, kept.born = Process.of(pid), time.monotonic()
        children = {k.part.name: k.process for k in self._kept if k.process is not None}
        self._home.record(replace(self._said, children=children))

    def _end_all(self) -> None:
        """SIGTERM, and SIGKILL after a grace or at a second signal to this process."""
        asked = self._stop.asked
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        while self._left():
            if time.monotonic() > deadline or self._stop.asked > max(1, asked):
                self._signal_all(signal.SIGKILL)
            self._stop.wait(0.05)

    def _signal_all(self, number: int) -> None:
        for process in self._left():
            os.kill(process.pid, number)

    def _left(self) -> list[Process]:
        for kept in self._kept:
            if kept.process is not None and _ended(kept.process.pid) is not None:
                kept.process = None
        return [k.process for k in self._kept if k.process is not None]


def _ended(pid: int) -> int | None:
    """A child's wait status once it has ended; it is reaped by this."""
    found, status = os.waitpid(pid, os.WNOHANG)
    return status if found else None


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"by signal {-code}" if code < 0 else f"with code {code}"


def _trim(home: Home, name: str) -> None:
    """Keeps a log below a size, one older part beside it; the child appends to the same file all along."""
    log = home.log_of(name)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.with_suffix(".log.1").write_bytes(log.read_bytes())
        os.truncate(log, 0)


def _say(message: str) -> None:
    print(f"oryxforge: {message}", file=sys.stderr, flush=True)
