"""PostgREST as a child of this process, started when it is first asked, and never longer-lived than we are."""

import asyncio
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from loguru import logger

READY_WITHIN_S = 10.0
STEP_S = 0.02
QUIET_S = 2.0
# Our end of its input closes when we end, however that happens; then it is killed.
LIFELINE = 'exec 3<&0; "$@" </dev/null & p=$!; { read -r _ <&3; kill -9 $p; } 2>/dev/null & r=$!; wait $p; kill $r 2>/dev/null'


@dataclass(frozen=True)
class PostgrestSettings:
    """`database_url` signs in as `authenticator`; what is in `schemas` is served."""

    program: Path
    database_url: str
    schemas: tuple[str, ...] = ("public",)
    connections: int = 4
    # As supabase/config.toml has it for the hosted one.
    max_rows: int = 1000


class PostgrestAway(Exception):
    """It does not run and could not be started."""


@dataclass
class _Running:
    process: asyncio.subprocess.Process
    folder: Path
    log: asyncio.Task[None]
    socket: Path = field(init=False)

    def __post_init__(self) -> None:
        self.socket = self.folder / "s"


class Postgrest:
    """The child. `jwt_secret` is made anew here: nobody but this process can write a token that it takes."""

    def __init__(self, settings: PostgrestSettings) -> None:
        self._settings = settings
        self._running: _Running | None = None
        self._starting = asyncio.Lock()
        self._failed_at = float("-inf")
        self.jwt_secret = secrets.token_hex(32)

    async def socket(self) -> Path:
        """The socket on which it answers; starts it where it does not run. Raises PostgrestAway."""
        running = self._running
        if running is not None and running.process.returncode is None:
            return running.socket
        async with self._starting:
            running = self._running
            if running is None or running.process.returncode is not None:
                running = await self._start()
            return running.socket

    async def stop(self) -> None:
        """Ends it; no error where it does not run."""
        running, self._running = self._running, None
        if running is not None:
            await _end(running)

    async def _start(self) -> _Running:
        now = asyncio.get_running_loop().time
        if now() - self._failed_at < QUIET_S:
            raise PostgrestAway
        await self.stop()
        folder = Path(tempfile.mkdtemp(prefix="oryx-rest-"))
        process = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            LIFELINE,
            "sh",
            str(self._settings.program),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment(folder / "s"),
            start_new_session=True,
        )
        running = _Running(process, folder, asyncio.create_task(_log(process)))
        end = now() + READY_WITHIN_S
        while process.returncode is None and now() < end:
            if await _answers(running.socket):
                self._running = running
                return running
            await asyncio.sleep(STEP_S)
        self._failed_at = now()
        await _end(running)
        raise PostgrestAway

    def _environment(self, socket: Path) -> dict[str, str]:
        s = self._settings
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "PGRST_DB_URI": s.database_url,
            "PGRST_DB_SCHEMAS": ",".join(s.schemas),
            "PGRST_DB_EXTRA_SEARCH_PATH": "public,extensions",
            "PGRST_DB_ANON_ROLE": "anon",
            "PGRST_DB_MAX_ROWS": str(s.max_rows),
            "PGRST_DB_POOL": str(s.connections),
            "PGRST_DB_POOL_MAX_IDLETIME": "30",
            "PGRST_JWT_SECRET": self.jwt_secret,
            "PGRST_OPENAPI_MODE": "disabled",
            "PGRST_SERVER_UNIX_SOCKET": str(socket),
            "PGRST_SERVER_UNIX_SOCKET_MODE": "600",
            "PGRST_LOG_LEVEL": "crit",
        }


async def _answers(socket: Path) -> bool:
    """Whether it has read the schema: before that it answers 503."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        return False
    try:
        writer.write(b"HEAD / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        await writer.drain()
        return b" 503 " not in await asyncio.wait_for(reader.readline(), 2)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()


async def _log(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        logger.bind(part="postgrest").debug("{}", line.decode(errors="replace").rstrip())


async def _end(running: _Running) -> None:
    assert running.process.stdin is not None
    running.process.stdin.close()
    await running.process.wait()
    await running.log
    shutil.rmtree(running.folder, ignore_errors=True)
