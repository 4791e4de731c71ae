"""The files of one Postgres: made whole or not at all."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

from oryxforge.domain.errors import NotAllowed, OryxError, Unavailable
from oryxforge.embedded.binaries import Binaries
from oryxforge.embedded.standin import Standin

DATABASE = "oryxforge"
SUPERUSER = "postgres"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
INITDB_TIMEOUT_S = 120


class Cluster:
    """The folder of one Postgres version: data, log, locks and the superuser's password, for this user's eyes only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.password_file = folder / "superuser"
        self.start_lock = folder / "start.lock"
        self.life_lock = folder / "running.lock"

    @property
    def password(self) -> str:
        try:
            return self.password_file.read_text()
        except OSError as error:
            raise Unavailable(
                f"The database in {self.folder} was never started by this user; run `oryxforge up` first.",
                code="database_not_started",
            ) from error

    @property
    def owner(self) -> int:
        """Who owns the data, or will."""
        return (self.data if self.data.exists() else self.folder).stat().st_uid

    def prepare(self) -> None:
        """Makes the folder. Raises NotAllowed where it belongs to somebody else or can't be written."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self.folder.stat()
            if os.geteuid() not in (0, found.st_uid):
                raise NotAllowed(
                    f"{self.folder} belongs to another user. Choose a data folder of your own with --data.",
                    code="folder_of_another",
                )
            if found.st_mode & 0o077:
                self.folder.chmod(0o700)
        except OSError as error:
            raise explain(f"{error.strerror}: {self.folder}", self.folder) from error

    def create(self, binaries: Binaries, standin: Standin, life: int) -> None:
        """Runs initdb beside, makes our database, then renames; a kill at any point leaves nothing in the way.

        `life` is an open lock that the programs hold as long as they live.
        """
        try:
            for left in self.folder.glob("new-*"):
                shutil.rmtree(left, ignore_errors=True)
            if not self.password_file.exists():
                _write_private(self.password_file, secrets.token_urlsafe(32))
            place = self.folder / f"new-{secrets.token_hex(4)}"
            try:
                initdb = [
                    str(binaries.initdb),
                    "-D",
                    str(place),
                    *_options(binaries.version, self.password_file),
                ]
                self._run([*standin.prefix, *initdb], life)
                self._alone(binaries, standin, life, place, f"create database {DATABASE};")
                place.rename(self.data)
            finally:
                shutil.rmtree(place, ignore_errors=True)
            _sync(self.folder)
        except OSError as error:
            raise explain(f"{error.strerror}: {error.filename}", self.folder) from error

    def make_startable(self, binaries: Binaries, standin: Standin, life: int) -> None:
        """Removes what a crash left in the way; the caller holds `life`, so no server of ours runs."""
        try:
            self._hand_over(standin)
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            if not self.password_file.exists():
                password = secrets.token_urlsafe(32)
                sql = f"alter role {SUPERUSER} password '{password}';"
                self._alone(binaries, standin, life, self.data, sql)
                _write_private(self.password_file, password)
        except OSError as error:
            raise explain(f"{error.strerror}: {error.filename}", self.folder) from error

    def _hand_over(self, standin: Standin) -> None:
        """Gives the data to whom Postgres will run as."""
        if self.owner == standin.uid:
            return
        for folder, _, files in os.walk(self.data):
            for path in (folder, *(os.path.join(folder, name) for name in files)):  # noqa: PTH118
                os.chown(path, standin.uid, standin.gid, follow_symlinks=False)

    def _alone(self, binaries: Binaries, standin: Standin, life: int, data: Path, sql: str) -> None:
        """One statement in Postgres' single-user mode."""
        command = [
            str(binaries.postgres),
            "--single",
            "-D",
            str(data),
            "-c",
            "log_checkpoints=off",
            SUPERUSER,
        ]
        self._run([*standin.prefix, *command], life, f"{sql}\n")

    def _run(self, command: list[str], life: int, text: str = "") -> None:
        try:
            done = subprocess.run(
                command,
                input=text,
                capture_output=True,
                text=True,
                errors="replace",
                env=ENVIRONMENT,
                cwd=self.folder,
                pass_fds=(life,),
                start_new_session=True,
                timeout=INITDB_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unavailable(
                f"Postgres took more than {INITDB_TIMEOUT_S} s to make its files in {self.folder}. Is the disk slow?",
                code="database_slow",
            ) from error
        if done.returncode != 0 or "FATAL" in done.stderr or "ERROR" in done.stderr:
            raise explain(done.stdout + done.stderr, self.folder)


def explain(output: str, folder: Path) -> OryxError:
    """What Postgres said, as an error that says what to do."""
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return Unavailable(
            f"The disk that holds {folder} is full. Free some space, or choose another data folder with --data.",
            code="disk_full",
        )
    if "Read-only file system" in output or re.search(r"Permission denied|Operation not permitted", output):
        return NotAllowed(
            f"{folder} can't be written by this user. Choose another data folder with --data, or mend its owner.",
            code="folder_unwritable",
        )
    if "Cannot allocate memory" in output or "could not map anonymous shared memory" in output:
        return Unavailable(
            "There is not enough memory for Postgres, about 100 MB. End other programs and try again.",
            code="out_of_memory",
        )
    lines = [line for line in output.splitlines() if re.search(r"FATAL|PANIC|ERROR|error:", line)]
    lines = [line for line in lines if "the database system is" not in line]
    said = lines[-1].strip() if lines else (output.strip().splitlines() or ["nothing"])[-1].strip()
    return Unavailable(
        f"Postgres does not start; it said: {said}. Its log is {folder / 'server.log'}.",
        code="database_broken",
    )


def _options(version: int, password_file: Path) -> list[str]:
    """Text sorts by code point and is read as UTF-8, whatever the machine's own language."""
    letters = "C.UTF-8" if sys.platform.startswith("linux") else "UTF-8"
    options = [
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth-local=scram-sha-256",
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale=C",
        f"--lc-ctype={letters}",
        "--no-instructions",
    ]
    if version >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options


def _write_private(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
