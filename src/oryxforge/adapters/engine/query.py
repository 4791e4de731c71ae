"""SQL that others wrote, over sheets, in a database that holds nothing else."""

import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from oryxforge.adapters.engine.duck import Connection, Duck, quoted
from oryxforge.adapters.engine.headers import unique_headers
from oryxforge.adapters.engine.parquet import copy_parquet
from oryxforge.adapters.engine.place import Place
from oryxforge.adapters.engine.statement import Statement, parse, resolve
from oryxforge.adapters.engine.values import TOO_BIG, WHOLE, ResultTooBig, fetch_rows, projection
from oryxforge.adapters.engine.work import Stop, Stopped
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Column
from oryxforge.ports.engine import QueryResult

WATCH_S = 0.02
MAX_CELLS = 1_000_000
MAX_COLUMNS = 10_000


@dataclass(frozen=True)
class WriteLimits:
    """How long a query that makes a sheet may take, and how large the sheet's file may get."""

    seconds: float = 600
    size_bytes: int = 8 << 30


class Queries:
    """Runs reading statements; `tables` maps `dataset.Sheet` to the key of its Parquet file."""

    def __init__(self, duck: Duck, place: Place) -> None:
        self._duck = duck
        self._place = place

    def run(
        self, stop: Stop, sql: str, tables: Mapping[str, str], limit: int, timeout_s: float
    ) -> QueryResult:
        """Raises Invalid: `result_too_big`, `query_timeout`, `too_big_for_memory`, or what is wrong with the SQL."""
        started = time.monotonic()
        statement, views = self._understood(stop, sql, tables)
        addresses = {name: self._place.address(tables[sheet]) for name, sheet in views.items()}
        with self._duck.sandbox(stop, addresses) as connection, time_limit(connection, timeout_s):
            headers, types = _bound(connection, statement)
            source = _named(statement, headers)
            shown = min(limit, MAX_CELLS // len(headers)) + 1
            select = projection(headers, types, WHOLE)
            with _result_faults():
                connection.execute(f"SELECT {select} FROM (SELECT * FROM {source} LIMIT {shown})")
                data = fetch_rows(connection, types)
            if shown <= min(limit, len(data) - 1):
                raise ResultTooBig(f"{shown} rows of {len(headers)} columns")
            total = len(data) if len(data) <= limit else _count(connection, source)
        milliseconds = round((time.monotonic() - started) * 1000)
        return QueryResult(headers, types, data[:limit], total, _read(views), milliseconds)

    def write(
        self, stop: Stop, sql: str, tables: Mapping[str, str], target: Path, limits: WriteLimits
    ) -> tuple[int, tuple[str, ...]]:
        """Writes a whole result as a Parquet file; the number of rows and the sheets that it read.

        Raises Invalid: `query_timeout`, `result_too_big`, `too_big_for_memory`, or what is wrong with the SQL.
        """
        statement, views = self._understood(stop, sql, tables)
        addresses = {name: self._place.address(tables[sheet]) for name, sheet in views.items()}
        with (
            self._duck.sandbox(stop, addresses, [str(target)]) as connection,
            time_limit(connection, limits.seconds),
            size_limit(connection, target, limits.size_bytes),
        ):
            headers, types = _bound(connection, statement)
            columns = [Column(h, t) for h, t in zip(headers, types, strict=True)]
            rows = copy_parquet(connection, f"SELECT * FROM {_named(statement, headers)}", target, columns)
        return rows, _read(views)

    def _understood(
        self, stop: Stop, sql: str, tables: Mapping[str, str]
    ) -> tuple[Statement, dict[str, str]]:
        with self._duck.connection(stop) as connection:
            statement = parse(connection, sql)
        return statement, resolve(statement, tables)


@contextmanager
def time_limit(connection: Connection, seconds: float) -> Generator[None]:
    """Interrupts the connection when the time is over. Raises Invalid (code `query_timeout`) then."""
    ends = time.monotonic() + seconds
    with _interrupting(connection, lambda: time.monotonic() >= ends, over_time(seconds)):
        yield


def over_time(seconds: float) -> Invalid:
    return Invalid(
        f"The query took longer than {seconds:g} s and was stopped. Ask for fewer rows, "
        "filter first, or aggregate before joining.",
        code="query_timeout",
    )


@contextmanager
def size_limit(connection: Connection, path: Path, size_bytes: int) -> Generator[None]:
    """Interrupts the connection when the file gets larger. Raises Invalid (code `result_too_big`) then."""
    error = ResultTooBig(f"more than {size_bytes / 1e9:.3g} GB")

    def is_over() -> bool:
        return path.exists() and path.stat().st_size > size_bytes

    with _interrupting(connection, is_over, error):
        yield
    if is_over():
        raise error


@contextmanager
def _interrupting(connection: Connection, is_over: Callable[[], bool], error: Invalid) -> Generator[None]:
    over = threading.Event()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(WATCH_S):
            if over.is_set() or is_over():
                over.set()
                connection.interrupt()

    watcher = threading.Thread(target=watch, name="engine-limit", daemon=True)
    watcher.start()
    try:
        yield
    except Exception as failure:
        if over.is_set() and not isinstance(failure, Stopped):
            raise error from failure
        raise
    finally:
        done.set()
        watcher.join()


@contextmanager
def _result_faults() -> Generator[None]:
    try:
        yield
    except duckdb.InvalidInputException as error:
        if TOO_BIG in str(error):
            raise ResultTooBig("a single cell of more than 1 MB") from error
        raise


def _bound(connection: Connection, statement: Statement) -> tuple[list[str], list[str]]:
    """Headers and types of a statement as it stands, so that the engine's message speaks of it and not of our SQL."""
    relation = connection.sql(statement.sql)
    if len(relation.columns) > MAX_COLUMNS:
        raise ResultTooBig(f"{len(relation.columns)} columns")
    return unique_headers(relation.columns), [str(t) for t in relation.types]


def _named(statement: Statement, headers: list[str]) -> str:
    aliases = ", ".join(quoted(h) for h in headers)
    return f"(\n{statement.sql}\n) AS result({aliases})"


def _count(connection: Connection, source: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    return int(row[0]) if row else 0


def _read(views: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(views.values()))
