"""A result as a Plotly figure, where one helps: plain JSON, no colours."""

from collections.abc import Sequence
from dataclasses import replace

from oryxforge.agents.quick.numerals import number
from oryxforge.agents.quick.reading import Ask, Reading
from oryxforge.agents.quick.schema import Kind
from oryxforge.agents.quick.steps import Table
from oryxforge.agents.quick.telling.saying import title

BARS, SERIES, POINTS = 30, 8, 2000
COURSE = ("day", "week", "month", "quarter", "year")
Figure = dict[str, object]
Trace = dict[str, object]


def chart(reading: Reading, table: Table, kinds: Sequence[Kind]) -> Figure | None:
    """The figure of a grouped result; `kinds` are those of its groups' columns. None where a chart says no more."""
    if reading.chart == "table" or len(table.data) < 2:
        return None
    match reading.ask:
        case Ask.DISTRIBUTION:
            return _histogram(reading, table)
        case Ask.MISSING if not reading.groups and any(number(r[1]) for r in table.data):
            return _figure(reading, [_trace("bar", table, 0, 2, "percent")], "column", "percent missing")
        case Ask.CORRELATION if reading.method.endswith("against"):
            return _figure(reading, [_trace("bar", table, 1, 2, "correlation")], "column", "correlation")
        case Ask.AGGREGATE | Ask.SHARE | Ask.PART | Ask.GROWTH | Ask.CUMULATIVE | Ask.DIFFERENCE:
            return _grouped(reading, table, kinds)
        case _:
            return None


def _grouped(reading: Reading, table: Table, kinds: Sequence[Kind]) -> Figure | None:
    groups = len(reading.per) + len(reading.groups)
    value = groups + _shown_column(reading)
    if not groups or value >= len(table.headers) or all(number(r[value]) is None for r in table.data):
        return None
    table = _as_time_goes(reading, table)
    asked = reading.chart if reading.chart in ("bar", "line", "pie", "scatter") else ""
    if groups == 1:
        return _one_group(reading, table, kinds, value, asked)
    return _two_groups(reading, table, value, asked) if groups == 2 else None


def _as_time_goes(reading: Reading, table: Table) -> Table:
    """Rows that were ranked by a measure, in the order of their time: a line joins what follows one another."""
    at = next((n for n, g in enumerate((*reading.per, *reading.groups)) if g.grain in COURSE), None)
    if at is None:
        return table
    return replace(table, data=sorted(table.data, key=lambda row: (row[at] is None, str(row[at]))))


def _shown_column(reading: Reading) -> int:
    """Where the drawn measure is, counted from the first one."""
    if reading.ask is Ask.PART:
        return 2
    return 1 if reading.ask is Ask.CUMULATIVE else 0


def _one_group(
    reading: Reading, table: Table, kinds: Sequence[Kind], value: int, asked: str
) -> Figure | None:
    in_time = _in_time(reading, kinds)
    kind = asked or ("line" if in_time else "bar")
    if kind in ("bar", "pie") and len(table.data) > BARS and not asked:
        return None
    if kind == "pie":
        pie: Trace = {
            "type": "pie",
            "labels": table.column(0),
            "values": [number(v) for v in table.column(value)],
        }
        return _figure(reading, [pie], "", "")
    several = reading.ask is Ask.AGGREGATE and len(table.headers) > 2
    columns = range(value, len(table.headers)) if several else (value,)
    traces = [_trace(kind, table, 0, at, table.headers[at]) for at in columns]
    figure = _figure(reading, traces, table.headers[0], table.headers[value] if len(traces) == 1 else "")
    if kind == "bar" and not in_time:
        _layout(figure)["xaxis"] = {"title": {"text": table.headers[0]}, "type": "category"}
    return figure


def _in_time(reading: Reading, kinds: Sequence[Kind]) -> bool:
    group = (*reading.per, *reading.groups)[0]
    return group.grain in COURSE or (not group.grain and bool(kinds) and kinds[0] is Kind.DATE)


def _two_groups(reading: Reading, table: Table, value: int, asked: str) -> Figure | None:
    """One series for each value of the group that is not a time, or of the second one."""
    groups = (*reading.per, *reading.groups)
    along = next((n for n, g in enumerate(groups) if g.grain in COURSE), 0)
    across = 1 - along
    names = list(dict.fromkeys(str(r[across]) for r in table.data))
    steps = list(dict.fromkeys(str(r[along]) for r in table.data))
    in_time = groups[along].grain in COURSE
    if len(names) > SERIES or (len(steps) > BARS and not in_time):
        return None
    kind = asked if asked in ("bar", "line") else ("line" if in_time else "bar")
    traces: list[Trace] = []
    for name in names:
        rows = [r for r in table.data if str(r[across]) == name]
        traces.append(_drawn(kind, [r[along] for r in rows], [number(r[value]) for r in rows], name))
    return _figure(reading, traces, table.headers[along], table.headers[value])


def _histogram(reading: Reading, table: Table) -> Figure:
    middles = [((number(r[0]) or 0.0) + (number(r[1]) or 0.0)) / 2 for r in table.data]
    figure = _figure(
        reading, [_drawn("bar", list(middles), [number(r[2]) for r in table.data], "count")],
        reading.columns[0].column, "count",
    )  # fmt: skip
    _layout(figure)["bargap"] = 0.02
    return figure


def scatter(reading: Reading, points: Table) -> Figure:
    x, y = (c.column for c in reading.columns[:2])
    trace: Trace = {
        "type": "scatter",
        "mode": "markers",
        "name": y,
        "x": [number(v) for v in points.column(0)],
        "y": [number(v) for v in points.column(1)],
    }
    return _figure(reading, [trace], x, y)


def _trace(kind: str, table: Table, x: int, y: int, name: str) -> Trace:
    return _drawn(kind, table.column(x), [number(v) for v in table.column(y)], name)


def _drawn(kind: str, x: Sequence[object], y: Sequence[float | None], name: str) -> Trace:
    labels = ["(missing)" if v is None else v for v in x]
    if kind == "bar":
        return {"type": "bar", "name": name, "x": labels, "y": list(y)}
    return {
        "type": "scatter", "mode": "markers" if kind == "scatter" else "lines+markers",
        "name": name, "x": labels, "y": list(y),
    }  # fmt: skip


def _figure(reading: Reading, traces: list[Trace], x: str, y: str) -> Figure:
    layout: dict[str, object] = {"title": {"text": title(reading)}}
    if x or y:
        layout |= {"xaxis": {"title": {"text": x}}, "yaxis": {"title": {"text": y}}}
    return {"data": traces, "layout": layout}


def _layout(figure: Figure) -> dict[str, object]:
    layout = figure["layout"]
    assert isinstance(layout, dict)
    return layout
