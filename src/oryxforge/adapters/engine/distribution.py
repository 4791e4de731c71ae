"""How the values of one column are spread: counts, extremes, quartiles, frequent values, a histogram."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from oryxforge.adapters.engine.bins import number_edges, time_edges
from oryxforge.adapters.engine.duck import Connection, quoted
from oryxforge.adapters.engine.profile import is_number
from oryxforge.adapters.engine.values import (
    SHORTER,
    fetch_rows,
    is_float,
    is_nested,
    json_expression,
    projection,
)
from oryxforge.adapters.engine.view import column_named, value_faults, view_of
from oryxforge.domain.profiles import Bin, Distribution, ValueCount
from oryxforge.domain.sheets import Column, PageRequest

TOP = 10
# Frequent values are told of texts and flags, and of other columns with no more different values than this.
FEW = 100
# Beyond both, counting every different value would take longer than all the rest.
EXACT_DISTINCT = 100_000
EXACT_ROWS = 1_000_000
EXACT_QUARTILES = 20_000_000
QUARTILES = "[0.25, 0.5, 0.75]"
VALUES = ("minimum", "maximum", "mean", "q1", "q2", "q3")


@dataclass(frozen=True)
class _Measures:
    """One pass over a column; `low` and `high` are numbers, or microseconds of times, where a histogram can be."""

    rows: int
    present: int
    near_distinct: int
    low: float | None
    high: float | None
    values: Mapping[str, object]


def distribution(connection: Connection, address: str, name: str, request: PageRequest) -> Distribution:
    """Of the rows that a request's filter and search leave. Raises Invalid as a page does."""
    view = view_of(connection, address, request)
    column = column_named(view.columns, name)
    source = f"(SELECT {_present(column)} AS value FROM {view.file}{view.where})"
    if view.where:
        # A filter reads other columns too, and a search all of them: once is enough.
        with value_faults():
            connection.execute(f"CREATE TEMP TABLE profiled AS FROM {source}", view.parameters)
        source = "profiled"
    return _Column(connection, column, source).measured()


def is_time(kind: str) -> bool:
    return kind in ("DATE", "TIME") or kind.startswith("TIMESTAMP")


def _present(column: Column) -> str:
    """The column, with what is shown as missing as missing."""
    name = quoted(column.name)
    may_be_infinite = is_float(column.type) or (is_time(column.type) and column.type != "TIME")
    return f"CASE WHEN isfinite({name}) THEN {name} END" if may_be_infinite else name


class _Column:
    """Measures `value` of a source that has no other column."""

    def __init__(self, connection: Connection, column: Column, source: str) -> None:
        self._db = connection
        self._column = column
        self._kind = column.type
        self._source = source
        self._is_number = is_number(column.type)
        self._is_time = is_time(column.type)

    def measured(self) -> Distribution:
        found = self._measures()
        exact = found.rows <= EXACT_ROWS or found.near_distinct <= EXACT_DISTINCT
        distinct = self._distinct() if exact else min(found.near_distinct, found.present)
        values = found.values
        return Distribution(
            column=self._column.name,
            type=self._kind,
            rows=found.rows,
            missing=found.rows - found.present,
            distinct=distinct,
            is_distinct_estimated=not exact,
            minimum=values["minimum"],
            maximum=values["maximum"],
            mean=cast("float | None", values["mean"]),
            median=values["q2"],
            quartiles=None if values["q2"] is None else (values["q1"], values["q3"]),
            top=self._top(exact) if distinct <= FEW or self._kind in ("VARCHAR", "BOOLEAN") else (),
            bins=self._bins(found),
        )

    def _measures(self) -> _Measures:
        kind = self._kind
        extreme = "VARCHAR" if is_nested(kind) or kind == "BLOB" else kind
        least, most = ("NULL", "NULL") if extreme != kind else ("min(value)", "max(value)")
        mean = "avg(CAST(value AS DOUBLE))" if self._is_number else "CAST(NULL AS DOUBLE)"
        self._db.execute(
            f"CREATE TEMP TABLE measured AS SELECT count(*) AS rows, count(value) AS present, "
            f"approx_count_distinct(value) AS near, CAST({least} AS {extreme}) AS minimum, "
            f"CAST({most} AS {extreme}) AS maximum, {mean} AS mean FROM {self._source}"
        )
        counted = self._row(
            f"SELECT rows, present, near, {self._place('minimum')}, {self._place('maximum')} FROM measured"
        )
        rows, present, near = (int(cast(int, count)) for count in counted[:3])
        low, high = cast("tuple[float | None, float | None]", counted[3:])
        quartile = "DOUBLE" if self._is_number else (kind if self._is_time else "VARCHAR")
        parts = ", ".join(f"quartiles[{n}] AS q{n}" for n in (1, 2, 3))
        types = [extreme, extreme, "DOUBLE", *[quartile] * 3]
        self._db.execute(
            f"SELECT {projection(VALUES, types, SHORTER)} FROM (SELECT minimum, maximum, mean, {parts} "
            f"FROM measured, (SELECT {self._quartiles(rows)} AS quartiles FROM {self._source}))"
        )
        (values,) = fetch_rows(self._db, types)
        return _Measures(rows, present, near, low, high, dict(zip(VALUES, values, strict=True)))

    def _quartiles(self, rows: int) -> str:
        if not (self._is_number or self._is_time):
            return "first(CAST(NULL AS VARCHAR[]))"
        value = "CAST(value AS DOUBLE)" if self._is_number else "value"
        if rows > EXACT_QUARTILES and self._kind not in ("TIME", "TIMESTAMPTZ_NS", "TIMESTAMP_NS"):
            return f"approx_quantile({value}, {QUARTILES})"
        return f"quantile_{'cont' if self._is_number else 'disc'}({value}, {QUARTILES})"

    def _place(self, value: str) -> str:
        """Where a value stands on a scale that bins divide."""
        if self._is_number:
            return f"CAST({value} AS DOUBLE)"
        return f"TRY(epoch_us({value}))" if self._is_time else "NULL"

    def _distinct(self) -> int:
        return int(cast(int, self._row(f"SELECT count(DISTINCT value) FROM {self._source}")[0]))

    def _top(self, exact: bool) -> tuple[ValueCount, ...]:
        where = "value IS NOT NULL"
        if not exact:
            # Counting every value takes long; those that most rows have are found without.
            where = f"value IN (SELECT unnest(approx_top_k(value, {TOP})) FROM {self._source})"
        grouped = f"SELECT value, count(*) AS rows FROM {self._source} WHERE {where} GROUP BY value"
        types = [self._kind, "BIGINT"]
        self._db.execute(
            f"SELECT {projection(('value', 'rows'), types, SHORTER)} FROM "
            f"({grouped} ORDER BY rows DESC, value LIMIT {TOP})"
        )
        return tuple(ValueCount(value, cast(int, rows)) for value, rows in fetch_rows(self._db, types))

    def _bins(self, found: _Measures) -> tuple[Bin, ...]:
        if found.low is None or found.high is None:
            return ()
        if self._is_number:
            edges = number_edges(found.low, found.high, whole=_is_whole(self._kind))
        else:
            edges = time_edges(int(found.low), int(found.high), whole_days=self._kind == "DATE")
        counts = self._histogram(edges)
        # What arithmetic left beyond the last edge, and the one value of a column that has no other.
        counts[-1] += found.present - sum(counts)
        shown = edges if self._is_number else self._spelled(edges)
        return tuple(map(Bin, shown, shown[1:], counts))

    def _histogram(self, edges: Sequence[float]) -> list[int]:
        """Rows of each bin. The engine's own bins hold their upper edge; turned round, their lower one."""
        scale = "DOUBLE" if self._is_number else "BIGINT"
        turned = [-edge for edge in reversed(edges)]
        row = self._row(
            f"SELECT histogram(-{self._place('value')}, CAST(? AS {scale}[])) FROM {self._source}", [turned]
        )
        counted = cast("dict[float, int] | None", row[0]) or {}
        return [counted.get(-edge, 0) for edge in edges[:-1]]

    def _spelled(self, edges: Sequence[float]) -> list[object]:
        """Microseconds as the column's own values are shown."""
        moment = "TRY(make_timestamp(edge))"
        if self._kind == "TIME":
            spelled = "CAST(to_microseconds(edge) AS VARCHAR)"
        elif self._kind == "DATE":
            spelled = json_expression(f"CAST({moment} AS DATE)", "DATE")
        else:
            zone = " || '+00:00'" if self._kind.startswith(("TIMESTAMP WITH", "TIMESTAMPTZ")) else ""
            spelled = json_expression(moment, "TIMESTAMP") + zone
        self._db.execute(f"SELECT {spelled} FROM (SELECT unnest(CAST(? AS BIGINT[])) AS edge)", [edges])
        return [row[0] for row in self._db.fetchall()]

    def _row(self, sql: str, parameters: Sequence[object] = ()) -> tuple[object, ...]:
        (row,) = self._db.execute(sql, list(parameters)).fetchall()
        return cast("tuple[object, ...]", row)


def _is_whole(kind: str) -> bool:
    return kind.endswith(("INT", "INTEGER")) or (kind.startswith("DECIMAL") and kind.endswith(",0)"))
