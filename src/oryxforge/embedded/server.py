"""Starting and ending a Postgres server process."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from loguru import logger

from oryxforge.domain.errors import Conflict, Unavailable
from oryxforge.embedded.binaries import Binaries
from oryxforge.embedded.cluster import ENVIRONMENT, Cluster, explain
from oryxforge.embedded.locks import STEP_S, take
from oryxforge.embedded.processes import PidFile, holders, is_postmaster_of, read_pid_file, send
from oryxforge.embedded.sockets import PORT, Answer, probe
from oryxforge.embedded.standin import Standin

RECOVERY_TIMEOUT_S = 600
QUIT_TIMEOUT_S = 10
ORPHAN_PATIENCE_S = 1
ENDINGS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
LOG_LIMIT = 4_000_000

# Small at rest: no reader processes of io_method=worker, no launcher of logical replication, no parallel workers.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": "oryxforge",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "32MB",
    "huge_pages": "off",
    "jit": "off",
    "wal_level": "logical",
    "max_wal_senders": "8",
    "max_replication_slots": "8",
    "max_slot_wal_keep_size": "512MB",
    "max_wal_size": "512MB",
    "min_wal_size": "32MB",
    "synchronous_commit": "on",
    "autovacuum": "on",
    "autovacuum_max_workers": "2",
    "max_logical_replication_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "logging_collector": "off",
}
SETTINGS_FROM_18: Mapping[str, str] = {"io_method": "sync"}


def options(version: int, extra: Mapping[str, str]) -> list[str]:
    """The settings as arguments, ours first; the later ones win."""
    chosen = {**SETTINGS, **(SETTINGS_FROM_18 if version >= 18 else {}), **extra}
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def launch(
    cluster: Cluster, binaries: Binaries, standin: Standin, life: int, sockets: Path, settings: list[str]
) -> subprocess.Popen[bytes]:
    """Starts the server in a session of its own, so that Ctrl-C does not reach it; returns when it takes connections."""
    place = ["-D", str(cluster.data), "-c", f"unix_socket_directories={sockets}", "-p", str(PORT)]
    command = [*standin.prefix, str(binaries.postgres), *place, *settings]
    log = os.open(cluster.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        said_before = os.fstat(log).st_size
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=ENVIRONMENT,
            cwd=cluster.folder,
            pass_fds=(life,),
            start_new_session=True,
        )
    except OSError as error:
        raise explain(f"{error.strerror}: {error.filename}", cluster.folder) from error
    finally:
        os.close(log)
    try:
        _until_ready(process, cluster, sockets, said_before)
    except BaseException:
        _kill(process)
        raise
    return process


def _until_ready(process: subprocess.Popen[bytes], cluster: Cluster, sockets: Path, said_before: int) -> None:
    end = time.monotonic() + RECOVERY_TIMEOUT_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise explain(_said(cluster.log, said_before), cluster.folder)
        said = read_pid_file(cluster.data)
        if said is not None and said.ready and probe(sockets) is Answer.READY:
            return
        time.sleep(STEP_S)
    raise Unavailable(
        f"Postgres has been repairing its files in {cluster.folder} for {RECOVERY_TIMEOUT_S} s. Try again later.",
        code="database_slow",
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(QUIT_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end(cluster: Cluster, child: subprocess.Popen[bytes] | None) -> int:
    """Ends the server, gently at first, and all that is left of it; returns the lock that they held, now ours.

    Raises Conflict where something that this user can't see or end keeps the folder.
    """
    for number, patience_s in ENDINGS:
        server = find_server(cluster)
        if server is None and (life := take(cluster.life_lock)) is not None:
            return life
        if server is not None:
            _send(server.pid, number, cluster)
            _send(server.pid, signal.SIGCONT, cluster)
        if number is signal.SIGKILL or (server is None and number is not signal.SIGINT):
            for pid in holders(cluster.life_lock):
                _send(pid, number, cluster)
        life = _freed(cluster, child, patience_s if server is not None else ORPHAN_PATIENCE_S)
        if life is not None:
            return life
    raise _in_use(cluster)


def find_server(cluster: Cluster) -> PidFile | None:
    """The server of this folder, if its process lives."""
    found = read_pid_file(cluster.data)
    return found if found is not None and is_postmaster_of(found.pid, cluster.data) else None


def trim(log: Path) -> None:
    """Keeps the end of a log that grew too long, as `.1`; the server appends, so it goes on at the new start."""
    try:
        if not log.exists() or log.stat().st_size <= LOG_LIMIT:
            return
        with log.open("rb+") as file:
            file.seek(-LOG_LIMIT // 2, os.SEEK_END)
            log.with_name(f"{log.name}.1").write_bytes(file.read(LOG_LIMIT // 2))
            file.truncate(0)
    except OSError as error:
        logger.warning("the database's log can't be trimmed", cause=error.strerror)


def _freed(cluster: Cluster, child: subprocess.Popen[bytes] | None, patience_s: float) -> int | None:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if child is not None:
            child.poll()
        if find_server(cluster) is None and (life := take(cluster.life_lock)) is not None:
            return life
        time.sleep(STEP_S)
    return None


def _send(pid: int, number: signal.Signals, cluster: Cluster) -> None:
    try:
        send(pid, number)
    except PermissionError as error:
        raise _in_use(cluster) from error


def _in_use(cluster: Cluster) -> Conflict:
    return Conflict(
        f"Another process uses the database in {cluster.folder}, perhaps in another container or as another user. "
        "Stop it, and try again.",
        code="database_in_use",
    )


def _said(log: Path, before: int) -> str:
    with log.open("rb") as file:
        file.seek(before)
        return file.read(LOG_LIMIT).decode(errors="replace")
