"""Plotly figures without Plotly: their data as a table."""

import base64
import binascii
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from oryxforge.services.export.transcript import ROWS, Table

FORMATS = {"f8": "d", "f4": "f", "i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I"}


@dataclass(frozen=True)
class Series:
    """One trace: its kind (bar, line, points, pie, other), and its places and values side by side."""

    kind: str
    name: str
    places: Sequence[object]
    values: Sequence[object]
    lying: bool = False


def series_of(figure: Mapping[str, object]) -> list[Series]:
    traces = figure.get("data")
    if not isinstance(traces, list | tuple):
        return []
    return [
        _series(cast("Mapping[str, object]", t))
        for t in cast("Sequence[object]", traces)
        if isinstance(t, Mapping)
    ]


def axis_titles(figure: Mapping[str, object]) -> tuple[str, str]:
    layout = _mapping(figure.get("layout"))
    found: list[str] = []
    for name in ("xaxis", "yaxis"):
        title = _mapping(layout.get(name)).get("title")
        found.append(
            str(_mapping(title).get("text") or "") if isinstance(title, Mapping) else str(title or "")
        )
    return found[0], found[1]


def series_table(title: str, figure: Mapping[str, object]) -> Table:
    """The figure's series as rows of series, place and value; the first of them."""
    series = series_of(figure)
    across, up = axis_titles(figure)
    named = len(series) > 1
    rows = [
        [*([s.name] if named else []), place, value]
        for s in series
        for place, value in zip(s.places, s.values, strict=False)
    ]
    headers = [*(["series"] if named else []), across or "x", up or "y"]
    return Table(title, headers, rows[:ROWS], len(rows))


def _series(trace: Mapping[str, object]) -> Series:
    kind, mode = str(trace.get("type", "scatter")), str(trace.get("mode", "lines"))
    name = str(trace.get("name") or "")
    if kind == "pie":
        return Series("pie", name, numbers(trace.get("labels")), numbers(trace.get("values")))
    x, y = numbers(trace.get("x")), numbers(trace.get("y"))
    if kind == "bar" and trace.get("orientation") == "h":
        return Series("bar", name, y, x, lying=True)
    if kind == "bar":
        return Series("bar", name, x, y)
    if kind in ("scatter", "scattergl"):
        return Series("line" if "lines" in mode else "points", name, x, y)
    return Series("other", name, x, y)


def numbers(values: object) -> Sequence[object]:
    """A trace's values, also where Plotly wrote them as typed bytes."""
    if isinstance(values, list | tuple):
        return cast("Sequence[object]", values)
    packed = _mapping(values)
    letter = FORMATS.get(str(packed.get("dtype")))
    if letter is None:
        return ()
    try:
        raw = base64.b64decode(str(packed.get("bdata")), validate=True)
        return [v for (v,) in struct.iter_unpack(f"<{letter}", raw)]
    except (binascii.Error, struct.error):
        return ()


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
