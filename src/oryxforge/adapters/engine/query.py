"""SQL that others wrote, over sheets, in a database that holds nothing else."""

import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from oryxforge.adapters.engine.duck import Connection, Duck, quoted
from oryxforge.adapters.engine.headers import unique_headers
from oryxforge.adapters.engine.parquet import copy_parquet, finish_sheet
from oryxforge.adapters.engine.place import Place
from oryxforge.adapters.engine.statement import Statement, parse, resolve
from oryxforge.adapters.engine.values import fetch_rows, projection
from oryxforge.adapters.engine.work import Stop, Stopped
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Column, Written
from oryxforge.ports.engine import QueryResult

WATCH_S = 0.02


class Queries:
    """Runs reading statements; `tables` maps `dataset.Sheet` to the key of its Parquet file."""

    def __init__(self, duck: Duck, place: Place) -> None:
        self._duck = duck
        self._place = place

    def run(
        self, stop: Stop, sql: str, tables: Mapping[str, str], limit: int, timeout_s: float
    ) -> QueryResult:
        started = time.monotonic()
        statement, views = self._understood(stop, sql, tables)
        addresses = {name: self._place.address(tables[sheet]) for name, sheet in views.items()}
        with self._duck.sandbox(stop, addresses) as connection, time_limit(connection, timeout_s):
            headers, types = _bound(connection, statement)
            source = _named(statement, headers)
            shown = f"SELECT {projection(headers, types)} FROM {source} LIMIT {limit + 1}"
            connection.execute(shown)
            data = fetch_rows(connection, types)
            total = len(data) if len(data) <= limit else _count(connection, source)
        milliseconds = round((time.monotonic() - started) * 1000)
        return QueryResult(headers, types, data[:limit], total, _read(views), milliseconds)

    def write(self, stop: Stop, sql: str, tables: Mapping[str, str], target_uri: str) -> Written:
        statement, views = self._understood(stop, sql, tables)
        addresses = {name: self._place.address(tables[sheet]) for name, sheet in views.items()}
        with self._place.draft(target_uri) as draft:
            with self._duck.sandbox(stop, addresses, [str(draft.path)]) as connection:
                headers, types = _bound(connection, statement)
                columns = [Column(h, t) for h, t in zip(headers, types, strict=True)]
                rows = copy_parquet(connection, f"SELECT * FROM {_named(statement, headers)}", draft, columns)
            receipt = {"tables": list(_read(views))}
            with self._duck.connection(stop) as connection:
                return finish_sheet(connection, self._place, draft, rows, receipt)

    def _understood(
        self, stop: Stop, sql: str, tables: Mapping[str, str]
    ) -> tuple[Statement, dict[str, str]]:
        with self._duck.connection(stop) as connection:
            statement = parse(connection, sql)
        return statement, resolve(statement, tables)


@contextmanager
def time_limit(connection: Connection, seconds: float) -> Generator[None]:
    """Interrupts the connection when the time is over. Raises Invalid (code `query_timeout`) then."""
    over = threading.Event()
    done = threading.Event()

    def watch() -> None:
        if not done.wait(seconds):
            over.set()
        while not done.wait(WATCH_S):
            connection.interrupt()

    watcher = threading.Thread(target=watch, name="engine-timeout", daemon=True)
    watcher.start()
    try:
        yield
    except Exception as error:
        if over.is_set() and not isinstance(error, Stopped):
            raise Invalid(
                f"The query took longer than {seconds:g} s and was stopped. Ask for fewer rows, "
                "filter first, or aggregate before joining.",
                code="query_timeout",
            ) from error
        raise
    finally:
        done.set()
        watcher.join()


def _bound(connection: Connection, statement: Statement) -> tuple[list[str], list[str]]:
    """Headers and types of a statement as it stands, so that the engine's message speaks of it and not of our SQL."""
    relation = connection.sql(statement.sql)
    return unique_headers(relation.columns), [str(t) for t in relation.types]


def _named(statement: Statement, headers: list[str]) -> str:
    aliases = ", ".join(quoted(h) for h in headers)
    return f"(\n{statement.sql}\n) AS result({aliases})"


def _count(connection: Connection, source: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    return int(row[0]) if row else 0


def _read(views: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(views.values()))
