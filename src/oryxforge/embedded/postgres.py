"""A Postgres of our own in a data folder, from the programs of a wheel."""

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import Popen
from types import MappingProxyType
from urllib.parse import quote

from loguru import logger

from oryxforge.domain.errors import Unavailable
from oryxforge.embedded.binaries import find_binaries
from oryxforge.embedded.cluster import DATABASE, SUPERUSER, Cluster
from oryxforge.embedded.locks import STEP_S, held
from oryxforge.embedded.processes import PidFile, read_pid_file
from oryxforge.embedded.server import RECOVERY_TIMEOUT_S, end, find_server, launch, options, trim
from oryxforge.embedded.sockets import PORT, Answer, make_socket_folder, probe, remove_socket_folder
from oryxforge.embedded.standin import choose_standin

LOCK_TIMEOUT_S = 120
WATCH_S = 20
SILENCE_S = 5
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class EmbeddedPostgres:
    """One Postgres server over `folder/pg<version>`; it outlives this process when that is killed, and is then adopted.

    Whoever can read the folder's 0600 password file can sign in as the superuser, nobody else: the socket stands in a
    0700 folder, and each role still needs its password, since generated code may run as the same user.
    """

    def __init__(self, folder: Path, *, version: int = 18, settings: Mapping[str, str] = NO_SETTINGS) -> None:
        self._version = version
        self._settings = options(version, settings)
        self._cluster = Cluster(Path(folder).expanduser().resolve() / f"pg{version}")
        self._child: Popen[bytes] | None = None
        self._sockets: Path | None = None
        self._stopped = threading.Event()
        self._watcher: threading.Thread | None = None

    def start(self) -> None:
        """Makes the files at first use, adopts a server that runs already, repairs after a crash; returns when it answers.

        Raises Unavailable, NotAllowed or Conflict with what to do.
        """
        cluster = self._cluster
        cluster.prepare()
        with held(cluster.start_lock, LOCK_TIMEOUT_S):
            if not self._adopted():
                self._start_anew()
        self._watch()

    def stop(self) -> None:
        """Ends the server of this folder, whoever started it, and removes its socket; returns when all of it is gone."""
        self._stopped.set()
        self._watcher = None
        cluster = self._cluster
        if not cluster.folder.is_dir():
            return
        with held(cluster.start_lock, LOCK_TIMEOUT_S):
            sockets = self._socket_folder()
            os.close(end(cluster, self._child))
            self._child = self._sockets = None
            if sockets is not None:
                remove_socket_folder(sockets)

    def alive(self) -> bool:
        """Whether the server takes connections now."""
        if self._child is not None:
            self._child.poll()
        server = find_server(self._cluster)
        return server is not None and _answer(server) is Answer.READY

    @property
    def pid(self) -> int | None:
        """The server's process, while it lives."""
        server = find_server(self._cluster)
        return server.pid if server is not None else None

    def url(self, user: str, database: str = DATABASE, password: str | None = None) -> str:
        """For asyncpg and psycopg alike; the superuser's password is put in. Raises Unavailable before a start."""
        sockets = self._socket_folder()
        if sockets is None:
            raise Unavailable(
                f"The database in {self._cluster.folder} does not run. Start it with `oryxforge up`.",
                code="database_not_started",
            )
        if password is None and user == SUPERUSER:
            password = self._cluster.password
        login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
        return f"postgresql://{login}@/{quote(database, safe='')}?host={quote(str(sockets))}&port={PORT}"

    def _socket_folder(self) -> Path | None:
        if self._sockets is None:
            found = read_pid_file(self._cluster.data)
            self._sockets = found.sockets if found is not None else None
        return self._sockets

    def _adopted(self) -> bool:
        """Takes over a server that answers, or will when it has repaired its files, and has the same settings."""
        began = time.monotonic()
        while (server := find_server(self._cluster)) is not None:
            answer = _answer(server)
            if answer is Answer.READY:
                self._sockets = server.sockets
                return self._has_our_settings()
            patience_s = RECOVERY_TIMEOUT_S if answer is Answer.NOT_YET else SILENCE_S
            if time.monotonic() - began > patience_s:
                logger.warning("the database does not answer and is started anew", pid=server.pid)
                return False
            time.sleep(STEP_S)
        return False

    def _has_our_settings(self) -> bool:
        try:
            started_with = (self._cluster.data / "postmaster.opts").read_text(errors="replace")
        except OSError:
            return False
        return " ".join(f'"{part}"' for part in self._settings) in started_with

    def _start_anew(self) -> None:
        cluster, binaries = self._cluster, find_binaries(self._version)
        life = end(cluster, self._child)
        try:
            standin = choose_standin(cluster.folder, binaries.postgres, cluster.owner)
            if not cluster.data.exists():
                cluster.create(binaries, standin, life)
            cluster.make_startable(binaries, standin, life)
            self._sockets = make_socket_folder(cluster.data)
            trim(cluster.log)
            self._child = launch(cluster, binaries, standin, life, self._sockets, self._settings)
        finally:
            os.close(life)

    def _watch(self) -> None:
        """Reaps the server when it dies, and keeps its log short."""
        if self._watcher is not None and self._watcher.is_alive():
            return
        self._stopped = threading.Event()
        self._watcher = threading.Thread(
            target=self._keep_watch, args=(self._stopped,), name="postgres-watch", daemon=True
        )
        self._watcher.start()

    def _keep_watch(self, stopped: threading.Event) -> None:
        while not stopped.wait(WATCH_S):
            if (child := self._child) is not None:
                child.poll()
            trim(self._cluster.log)


def _answer(server: PidFile) -> Answer:
    """Asks the server only when it says itself that it is ready: each question costs it a process."""
    if not server.ready:
        return Answer.NOT_YET
    return probe(server.sockets) if server.sockets is not None else Answer.NONE
