"""What a question was understood to ask, as data: it becomes SQL, words, and the start of a follow-up."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import cast

Scalar = str | int | float | bool


class Ask(StrEnum):
    AGGREGATE = "aggregate"
    ROWS = "rows"
    VALUES = "values"
    SHARE = "share"
    PART = "part"
    GROWTH = "growth"
    CUMULATIVE = "cumulative"
    DISTRIBUTION = "distribution"
    CORRELATION = "correlation"
    DIFFERENCE = "difference"
    MISSING = "missing"
    OUTLIERS = "outliers"
    DUPLICATES = "duplicates"
    DESCRIBE = "describe"
    ABSENT = "absent"


# Said of a number that was given as a percentage, until the data tells whether it holds fractions.
PERCENT = "percent"


@dataclass(frozen=True)
class Ref:
    """A column by its exact name; `joined` where it is of the other sheet."""

    column: str
    joined: bool = False


@dataclass(frozen=True)
class Measure:
    """`how` is sum, mean, median, min, max, count, distinct, std, var, mode, range, skew, kurtosis, quantile, rate, only."""

    how: str
    of: Ref | None = None
    at: float = 0.0


@dataclass(frozen=True)
class Group:
    """A column, or a part of a time: `grain` hour, day, week, month, quarter, year, weekday, month of year.
    `said`: which of its times the data doesn't fill."""

    of: Ref
    grain: str = ""
    said: str = field(default="", compare=False)


@dataclass(frozen=True)
class Condition:
    """`op`: in, not in, =, !=, >, >=, <, <=, between, contains, starts, ends, missing, present, true, false, since,
    until, span, spans, month, quarter, weekday, weekend; each also with `not ` before it. Days are ISO texts; `until` and the
    end of a span are left out. `above` and `below` compare with the mean or median of all rows. `said`: how the data
    made these values of what was asked."""

    of: Ref
    op: str
    values: tuple[Scalar, ...] = ()
    said: str = field(default="", compare=False)


@dataclass(frozen=True)
class Having:
    """A condition on a measure of each group."""

    measure: Measure
    op: str
    value: float
    said: str = field(default="", compare=False)


@dataclass(frozen=True)
class Join:
    """Another sheet, one row of it for each value of its key."""

    sheet: str
    own_key: str
    its_key: str


@dataclass(frozen=True)
class Reading:
    """`order` is asc, desc or empty; `sort` a column, else the first measure; `per` the groups within which `limit` counts."""

    ask: Ask
    sheet: str
    measures: tuple[Measure, ...] = ()
    groups: tuple[Group, ...] = ()
    where: tuple[Condition, ...] = ()
    part: tuple[Condition, ...] = ()
    having: tuple[Having, ...] = ()
    columns: tuple[Ref, ...] = ()
    order: str = ""
    sort: Ref | None = None
    limit: int | None = None
    per: tuple[Group, ...] = ()
    method: str = ""
    chart: str = ""
    join: Join | None = None

    def to_json(self) -> dict[str, object]:
        """Of plain lists, texts and numbers."""
        made: dict[str, object] = json.loads(json.dumps(asdict(self)))
        return made

    def without(self, refs: Sequence[Ref]) -> "Reading":
        """Without the conditions on these columns."""
        return replace(self, where=tuple(c for c in self.where if c.of not in refs))


def from_json(raw: object) -> Reading | None:
    """The reading that `to_json` wrote; None where it is not one."""
    if not isinstance(raw, Mapping):
        return None
    try:
        return _reading(cast(Mapping[str, object], raw))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _reading(raw: Mapping[str, object]) -> Reading:
    limit, join = raw.get("limit"), raw.get("join")
    return Reading(
        ask=Ask(str(raw["ask"])),
        sheet=_text(raw["sheet"]),
        measures=tuple(_measure(m) for m in _items(raw, "measures")),
        groups=tuple(_group(g) for g in _items(raw, "groups")),
        where=tuple(_condition(c) for c in _items(raw, "where")),
        part=tuple(_condition(c) for c in _items(raw, "part")),
        having=tuple(
            Having(
                _measure(_map(h["measure"])),
                _text(h["op"]),
                float(cast(float, h["value"])),
                _text(h.get("said", "")),
            )
            for h in _items(raw, "having")
        ),
        columns=tuple(_ref(c) for c in _items(raw, "columns")),
        order=_text(raw.get("order", "")),
        sort=_ref(_map(raw["sort"])) if raw.get("sort") else None,
        limit=limit if isinstance(limit, int) and limit > 0 else None,
        per=tuple(_group(g) for g in _items(raw, "per")),
        method=_text(raw.get("method", "")),
        chart=_text(raw.get("chart", "")),
        join=Join(*(_text(_map(join)[k]) for k in ("sheet", "own_key", "its_key"))) if join else None,
    )


def _items(raw: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    value = raw.get(name) or ()
    if not isinstance(value, list | tuple):
        raise TypeError(name)
    return [_map(v) for v in cast(Sequence[object], value)]


def _map(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError("not a mapping")
    return cast(Mapping[str, object], value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _ref(raw: Mapping[str, object]) -> Ref:
    return Ref(_text(raw["column"]), raw.get("joined") is True)


def _measure(raw: Mapping[str, object]) -> Measure:
    of, at = raw.get("of"), raw.get("at", 0.0)
    return Measure(
        _text(raw["how"]), _ref(_map(of)) if of else None, float(at) if isinstance(at, int | float) else 0.0
    )


def _group(raw: Mapping[str, object]) -> Group:
    return Group(_ref(_map(raw["of"])), _text(raw.get("grain", "")), _text(raw.get("said", "")))


def _condition(raw: Mapping[str, object]) -> Condition:
    values = raw.get("values") or ()
    if not isinstance(values, list | tuple):
        raise TypeError("values")
    scalars = cast(Sequence[object], values)
    if not all(isinstance(v, str | int | float | bool) for v in scalars):
        raise TypeError("values")
    said = _text(raw.get("said", ""))
    return Condition(_ref(_map(raw["of"])), _text(raw["op"]), tuple(cast(Sequence[Scalar], scalars)), said)
