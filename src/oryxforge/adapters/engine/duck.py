"""DuckDB: how connections are made, how names and texts are written in SQL, and what its errors mean to a person."""

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock

import duckdb
from duckdb import DuckDBPyConnection
from loguru import logger

from oryxforge.adapters.engine.place import Place
from oryxforge.adapters.engine.work import Stop, Stopped
from oryxforge.domain.errors import Failed, Invalid, Unavailable

Connection = DuckDBPyConnection
SPILL_SHARE = 0.5


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


class Duck:
    """Connections to in-memory databases with limits; what they spill goes to the place's temporary folder."""

    def __init__(self, place: Place, memory_limit: str, threads: int) -> None:
        self._place = place
        self._memory_limit = memory_limit
        self._threads = threads
        self._lock = Lock()
        self._shared: Connection | None = None

    @contextmanager
    def connection(self, stop: Stop) -> Generator[Connection]:
        """A connection for our own SQL; all of them share one database, its memory and its threads."""
        with self._lock:
            if self._shared is None:
                self._shared = self._open()
            connection = self._shared.cursor()
        with _closing(connection), stop.watching(connection), engine_faults(stop):
            yield connection

    @contextmanager
    def sandbox(
        self, stop: Stop, tables: Mapping[str, str], also_writes: Sequence[str] = ()
    ) -> Generator[Connection]:
        """A database of its own for SQL that others wrote: it holds the given views and can open nothing else.

        `tables` maps a name (`dataset.Sheet`, or a bare one) to the address of its Parquet file.
        """
        connection = self._open()
        with _closing(connection), stop.watching(connection), engine_faults(stop):
            for name, address in tables.items():
                schema, _, table = name.rpartition(".")
                if schema:
                    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
                target = f"{quoted(schema or 'main')}.{quoted(table)}"
                connection.execute(f"CREATE VIEW {target} AS FROM read_parquet({text(address)})")
            allowed = ", ".join(text(a) for a in [*tables.values(), *also_writes])
            connection.execute(f"SET allowed_paths = [{allowed}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection

    def close(self) -> None:
        with self._lock:
            if self._shared is not None:
                self._shared.close()
                self._shared = None

    def _open(self) -> Connection:
        spill = int(self._place.free_bytes() * SPILL_SHARE)
        connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": self._memory_limit,
                "threads": self._threads,
                "temp_directory": str(self._place.temp_folder / "spill"),
                "max_temp_directory_size": f"{spill}B",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "python_enable_replacements": False,
            },
        )
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        if not self._place.local:
            connection.register_filesystem(self._place.filesystem)
        return connection


@contextmanager
def _closing(connection: Connection) -> Generator[None]:
    try:
        yield
    finally:
        connection.close()


@contextmanager
def engine_faults(stop: Stop) -> Generator[None]:
    """Raises errors of the product in place of DuckDB's."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise Stopped from error
    except duckdb.OutOfMemoryException as error:
        raise too_big_for_memory() from error
    except duckdb.IOException as error:
        stop.check()
        logger.warning("engine could not read or write", error=str(error))
        if "No space left" in str(error):
            raise Unavailable(
                "The disk is full. Free some space, then try again.", code="store_full"
            ) from error
        raise Unavailable(
            "The stored data can't be read at the moment. Try again; `oryxforge doctor` says more.",
            code="store_unavailable",
        ) from error
    except (duckdb.FatalException, duckdb.InternalException) as error:
        logger.error("engine failed", error=str(error))
        raise engine_failed() from error
    except duckdb.Error as error:
        raise Invalid(said(error), code="sql_invalid") from error


def engine_failed() -> Failed:
    return Failed("The table engine failed on this. Try it in a simpler form.", code="engine_failed")


def too_big_for_memory() -> Invalid:
    return Invalid(
        "This needs more memory or disk than it may use. Ask for fewer rows or columns, or filter first.",
        code="too_big_for_memory",
    )


def said(error: duckdb.Error) -> str:
    """The engine's own message, without paths of this machine and without the SQL around it, which may be ours."""
    message = str(error).partition("\nLINE ")[0]
    message = re.sub(r"\n\tCandidate functions:(\n\t.*)*", "", message).strip()
    message = re.sub(r"(['\"])(?:[a-z0-9]+:/)?/[^'\"]*\1", r"\1…\1", message)
    message = re.sub(r"['\"](?:[a-z0-9]+:/)?/[^'\"\s]*", "…", message)
    return message.replace(" by configuration", "")
