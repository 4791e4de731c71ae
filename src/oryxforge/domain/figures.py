"""Plotly figures as plain values: what they draw, and the same drawing over other rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Fields = Mapping[str, object]
Row = Sequence[object]
DATA = ("x", "y", "z", "labels", "values", "a", "b", "c", "r", "theta", "open", "high", "low", "close")
AXES = (("labels", "values"), ("x", "y"))
MISSING = "(missing)"
NEAR = 1e-3
GROUPS = 30


@dataclass(frozen=True)
class Rows:
    """A result's headers and JSON-ready rows."""

    headers: Sequence[str]
    data: Sequence[Row]

    def column(self, at: tuple[int, ...]) -> list[object]:
        """A column, or what lies in the middle between two."""
        if len(at) == 1:
            return [row[at[0]] for row in self.data]
        return [_middle(row[at[0]], row[at[1]]) for row in self.data]


@dataclass(frozen=True)
class _Drawn:
    """Which columns a trace draws; of the rows whose column `group` is its name, where it has one."""

    columns: tuple[tuple[str, tuple[int, ...]], ...]
    group: int | None
    sorted: bool


def same_values(one: Fields, other: Fields) -> bool:
    """Whether two figures draw the same values, however they do it."""
    return [_values(t) for t in traces(one)] == [_values(t) for t in traces(other)]


def traces(figure: Fields) -> list[Fields]:
    data = figure.get("data")
    return [t for t in data if isinstance(t, dict)] if isinstance(data, list) else []


def redrawn(figure: Fields, before: Rows, after: Rows) -> dict[str, object] | None:
    """The figure with the values of another result; None where its own can't be traced to columns of the first one."""
    drawn = [_traced(t, before) for t in traces(figure)]
    moved = [d and _moved(d, before, after) for d in drawn]
    if not moved or not all(moved):
        return None
    pairs = [(t, m) for t, m in zip(traces(figure), moved, strict=True) if m]
    kept: list[dict[str, object]] = []
    for trace, where in pairs:
        if where.group is None:
            kept.append(_filled(trace, where, after.data, after))
    kept += _by_group([(t, m) for t, m in pairs if m.group is not None], after)
    return {**figure, "data": kept} if kept else None


def _values(trace: Fields) -> list[str]:
    return sorted(repr(_plain(trace[k])) for k in DATA if k in trace)


def _plain(value: object) -> object:
    """A page writes 20.0 as 20."""
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _traced(trace: Fields, rows: Rows) -> _Drawn | None:
    names = [n for n in _axes(trace) if isinstance(trace.get(n), list)]
    lists = [_list(trace[n]) for n in names]
    if not names or not lists[0]:
        return None
    whole = _match(names, lists, rows)
    if whole is not None:
        return _Drawn(whole[0], None, whole[1])
    name = str(trace.get("name", ""))
    for at in range(len(rows.headers)):
        part = Rows(rows.headers, [r for r in rows.data if _label(r[at]) == name])
        found = _match(names, lists, part) if part.data else None
        if found is not None:
            return _Drawn(found[0], at, found[1])
    return None


def _axes(trace: Fields) -> tuple[str, str]:
    return next((a for a in AXES if a[1] in trace), ("x", "y"))


def _match(
    names: Sequence[str], lists: Sequence[list[object]], rows: Rows
) -> tuple[tuple[tuple[str, tuple[int, ...]], ...], bool] | None:
    """The columns that hold the lists, row by row, and whether the rows were sorted for the drawing."""
    orders = [(rows, False)]
    for at in range(len(rows.headers)):
        orders.append((Rows(rows.headers, sorted(rows.data, key=lambda r, a=at: _key(r[a]))), True))
    for ordered, is_sorted in orders:
        found = [_column_of(values, ordered) for values in lists]
        if all(f is not None for f in found):
            return tuple((n, f) for n, f in zip(names, found, strict=True) if f is not None), is_sorted
    return None


def _column_of(values: list[object], rows: Rows) -> tuple[int, ...] | None:
    if len(values) != len(rows.data):
        return None
    singles = [(at,) for at in range(len(rows.headers))]
    exact = next((at for at in singles if _alike(values, rows.column(at), 1e-12)), None)
    if exact is not None:
        return exact
    pairs = [(a, a + 1) for a in range(len(rows.headers) - 1)]
    return next((at for at in [*singles, *pairs] if _alike(values, rows.column(at), NEAR)), None)


def _alike(one: Sequence[object], other: Sequence[object], near: float) -> bool:
    return all(_same(a, b, near) for a, b in zip(one, other, strict=True))


def _same(a: object, b: object, near: float) -> bool:
    x, y = _number(a), _number(b)
    if x is not None and y is not None:
        return math.isclose(x, y, rel_tol=near, abs_tol=1e-12)
    return _label(a) == _label(b)


def _moved(drawn: _Drawn, before: Rows, after: Rows) -> _Drawn | None:
    """The same columns by name in another result, or by place where it has as many."""
    places = {h.lower(): at for at, h in enumerate(after.headers)}

    def place(at: int) -> int | None:
        named = places.get(before.headers[at].lower())
        return at if named is None and len(before.headers) == len(after.headers) else named

    columns: list[tuple[str, tuple[int, ...]]] = []
    for name, at in drawn.columns:
        there = tuple(p for p in map(place, at) if p is not None)
        if len(there) < len(at):
            return None
        columns.append((name, there))
    group = None if drawn.group is None else place(drawn.group)
    if group is None and drawn.group is not None:
        return None
    return _Drawn(tuple(columns), group, drawn.sorted)


def _by_group(pairs: Sequence[tuple[Fields, _Drawn]], after: Rows) -> list[dict[str, object]]:
    """A trace for each value of the group's column: those there were first, then what is new."""
    if not pairs:
        return []
    model, where = pairs[0]
    assert where.group is not None
    own = {str(t.get("name", "")): t for t, _ in pairs}
    there = list(dict.fromkeys(_label(r[where.group]) for r in after.data))
    names = [n for n in own if n in there] + [n for n in there if n not in own]
    made: list[dict[str, object]] = []
    for name in names[:GROUPS]:
        rows = [r for r in after.data if _label(r[where.group]) == name]
        made.append(_filled({**own.get(name, model), "name": name}, where, rows, after))
    return made


def _filled(trace: Fields, where: _Drawn, data: Sequence[Row], after: Rows) -> dict[str, object]:
    """The trace with new values; what went along the old ones, point by point, can't be kept."""
    along = {k for k, v in trace.items() if isinstance(v, list)}
    kept = {k: v for k, v in trace.items() if k not in along}
    if where.sorted:
        first = where.columns[0][1][0]
        data = sorted(data, key=lambda r: _key(r[first]))
    part = Rows(after.headers, data)
    values = {n: [_shown(v, n) for v in part.column(at)] for n, at in where.columns}
    return {**{k: _without_lists(v) for k, v in kept.items()}, **values}


def _without_lists(value: object) -> object:
    if isinstance(value, dict):
        return {k: v for k, v in value.items() if not isinstance(v, list) or k in ("colorscale", "domain")}
    return value


def _shown(value: object, name: str) -> object:
    if name in ("y", "values", "x"):
        number = _number(value)
        if number is not None and isinstance(value, str) and name != "x":
            return number
    return MISSING if value is None and name in ("x", "labels") else value


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _number(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _label(value: object) -> str:
    if value is None:
        return MISSING
    text = str(value)
    return text.removesuffix("T00:00:00").removesuffix(" 00:00:00")


def _key(value: object) -> tuple[int, float, str]:
    number = _number(value)
    return (value is None, number if number is not None else 0.0, "" if number is not None else str(value))


def _middle(a: object, b: object) -> object:
    x, y = _number(a), _number(b)
    return None if x is None or y is None else (x + y) / 2
