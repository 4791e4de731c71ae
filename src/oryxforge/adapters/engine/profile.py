"""Columns measured: counts, extremes, frequent values."""

from collections.abc import Sequence

from oryxforge.adapters.engine.duck import Connection, quoted, text
from oryxforge.adapters.engine.parquet import columns_of, scan
from oryxforge.adapters.engine.values import is_float, is_nested, json_expression
from oryxforge.domain.sheets import Column
from oryxforge.ports.engine import ColumnProfile

EXACT_ROWS = 1_000_000
TOP = 5
SHOWN_CHARS = 1000
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "U", "FLOAT", "DOUBLE", "DECIMAL")
UNNUMBERED = ("UUID", "UNION")


def profile_columns(connection: Connection, address: str, columns: Sequence[Column]) -> list[ColumnProfile]:
    """Profiles of the columns that are asked for (all where none is); distinct counts are near ones in large sheets."""
    stored = columns_of(connection, scan(address))
    wanted = {c.name for c in columns} or {c.name for c in stored}
    chosen = [c for c in stored if c.name in wanted]
    if not chosen:
        return []
    source = f"read_parquet({text(address)})"
    counted = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    total = int(counted[0]) if counted else 0
    measures = ", ".join(_measures(c, exact=total <= EXACT_ROWS) for c in chosen)
    measured = connection.execute(f"SELECT {measures} FROM {source}").fetchall()[0]
    profiles: list[ColumnProfile] = []
    for position, column in enumerate(chosen):
        present, distinct, minimum, maximum, mean = measured[position * 5 : position * 5 + 5]
        top = _top(connection, source, column) if distinct <= EXACT_ROWS else ()
        profiles.append(
            ColumnProfile(
                column.name, column.type, total - int(present), int(distinct), minimum, maximum, mean, top
            )
        )
    return profiles


def is_number(kind: str) -> bool:
    return kind.startswith(NUMBERS) and not kind.startswith(UNNUMBERED) and not kind.endswith("]")


def _measures(column: Column, *, exact: bool) -> str:
    name = _present(column)
    distinct = f"count(DISTINCT {name})" if exact else f"approx_count_distinct({name})"
    if is_nested(column.type) or column.type == "BLOB":
        return f"count({name}), {distinct}, NULL, NULL, NULL"
    extremes = ", ".join(_shown(column, f"{f}({name})") for f in ("min", "max"))
    mean = f"avg(CAST({name} AS DOUBLE))" if is_number(column.type) else "NULL"
    return f"count({name}), {distinct}, {extremes}, {mean}"


def _present(column: Column) -> str:
    """The column, with what is no number in it as missing."""
    name = quoted(column.name)
    return f"(CASE WHEN isfinite({name}) THEN {name} END)" if is_float(column.type) else name


def _shown(column: Column, value: str) -> str:
    return f"left(CAST({json_expression(value, column.type)} AS VARCHAR), {SHOWN_CHARS})"


def _top(connection: Connection, source: str, column: Column) -> tuple[tuple[str, int], ...]:
    name = _present(column)
    rows = connection.execute(
        f"SELECT {_shown(column, 'value')}, n FROM (SELECT {name} AS value, count(*) AS n FROM {source} "
        f"WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY n DESC, value LIMIT {TOP})"
    ).fetchall()
    return tuple((str(value), int(n)) for value, n in rows)
