"""The data folder of an installation: who holds it, and what runs from it."""

import fcntl
import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from oryxforge.domain.errors import Conflict, Unavailable


@dataclass(frozen=True)
class Process:
    """A process for certain: a pid is used again, a pid and its start time (Unix seconds) are not."""

    pid: int
    started: float

    @staticmethod
    def of(pid: int) -> "Process":
        return Process(pid, psutil.Process(pid).create_time())

    def alive(self) -> bool:
        try:
            found = psutil.Process(self.pid)
            return abs(found.create_time() - self.started) < 1 and found.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


@dataclass(frozen=True)
class Owner:
    """The local owner, for whom commands speak."""

    id: str
    email: str


@dataclass(frozen=True)
class Running:
    """What `up` says of itself while it runs; without a URL it does not serve yet."""

    process: Process
    url: str = ""
    owner: Owner = Owner("", "")
    children: Mapping[str, Process] = field(default_factory=dict[str, Process])


class Home:
    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().absolute()
        self._record = self.folder / "run.json"

    def make(self) -> None:
        """Makes the folders, readable by their owner alone. Raises Unavailable where that can't be."""
        try:
            for folder in (self.folder, self.logs, self.folder / "secrets", self.folder / "tmp"):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
        except OSError as error:
            raise Unavailable(
                f"The data folder {self.folder} can't be made or written ({error.strerror}). "
                "Give another with --data.",
                code="data_folder_unusable",
            ) from error

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def log_of(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    @contextmanager
    def held(self) -> Generator[None]:
        """Holds the folder for this process alone. Raises Conflict where another `up` has it."""
        lock = os.open(self.folder / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise self._taken() from error
            yield
            self._record.unlink(missing_ok=True)
        finally:
            os.close(lock)

    def _taken(self) -> Conflict:
        running = self.last()
        where = f"process {running.process.pid}, {running.url or 'starting'}" if running else "starting"
        return Conflict(
            f"OryxForge already runs on {self.folder} ({where}). Use that one, stop it, or give another folder "
            "with --data.",
            code="already_running",
        )

    def last(self) -> Running | None:
        """What the latest `up` said, whether it still runs or not."""
        try:
            said = json.loads(self._record.read_text())
            children = {name: Process(**child) for name, child in said["children"].items()}
            return Running(Process(**said["process"]), said["url"], Owner(**said["owner"]), children)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def running(self) -> Running | None:
        """The `up` that serves this folder now."""
        said = self.last()
        return said if said is not None and said.url and said.process.alive() else None

    def record(self, running: Running) -> None:
        temporary = self._record.with_name(f"run.json.{os.getpid()}")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(running), file)
        temporary.replace(self._record)

    def reap(self) -> int:
        """Ends what an `up` that was killed left behind; how many processes. Call it only while holding the folder."""
        said = self.last()
        strays = [p for p in said.children.values() if p.alive()] if said else []
        for stray in strays:
            psutil.Process(stray.pid).kill()
        psutil.wait_procs([psutil.Process(s.pid) for s in strays if s.alive()], timeout=2)
        return len(strays)
