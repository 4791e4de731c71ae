"""Durations of Arrow as SQL renders them: clocks, wherever they are in lists, structs and maps."""

from collections.abc import Callable
from itertools import count
from typing import Any

from oryxforge.adapters.engine.duck import quoted, text

Rendering = Callable[[str], str]
PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def rendering(kind: Any) -> Rendering | None:
    """What makes of a column's SQL the SQL of its rendering; None for a type (pyarrow's) without durations."""
    names = count()
    return _of(kind, lambda: f"d{next(names)}")


def _of(kind: Any, new_name: Callable[[], str]) -> Rendering | None:
    import pyarrow as pa

    if isinstance(kind, pa.DurationType):
        unit = kind.unit
        return lambda value: _clock(value, unit)
    if isinstance(kind, pa.ListType | pa.LargeListType | pa.FixedSizeListType):
        return _list(_of(kind.value_type, new_name), new_name())
    if isinstance(kind, pa.StructType):
        return _struct({f.name: _of(f.type, new_name) for f in kind})
    if isinstance(kind, pa.MapType):
        return _map(_of(kind.key_type, new_name), _of(kind.item_type, new_name), new_name())
    return None


def _list(inner: Rendering | None, name: str) -> Rendering | None:
    if inner is None:
        return None
    return lambda value: f"list_transform({value}, lambda {name}: {inner(name)})"


def _struct(parts: dict[str, Rendering | None]) -> Rendering | None:
    if not any(parts.values()):
        return None

    def rendered(value: str) -> str:
        given = {name: f"struct_extract({value}, {text(name)})" for name in parts}
        packed = ", ".join(
            f"{quoted(name)} := {part(given[name]) if part else given[name]}" for name, part in parts.items()
        )
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE struct_pack({packed}) END"

    return rendered


def _map(key: Rendering | None, item: Rendering | None, name: str) -> Rendering | None:
    if key is None and item is None:
        return None

    def rendered(value: str) -> str:
        of_key, of_item = f"struct_extract({name}, 'key')", f"struct_extract({name}, 'value')"
        pair = f"struct_pack(key := {key(of_key) if key else of_key}, value := {item(of_item) if item else of_item})"
        made = f"map_from_entries(list_transform(map_entries({value}), lambda {name}: {pair}))"
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE {made} END"

    return rendered


def _clock(column: str, unit: str) -> str:
    """SQL for a duration as a text that can be cast to INTERVAL: hours, minutes and seconds with their fraction."""
    per_second = PER_SECOND[unit]
    size = f"abs(CAST({column} AS HUGEINT))"
    whole, part = f"({size} // {per_second})", f"({size} % {per_second})"
    digits = len(str(per_second)) - 1
    clock = f"format('{{:02d}}:{{:02d}}:{{:02d}}', CAST({whole} // 3600 AS BIGINT), CAST({whole} // 60 % 60 AS BIGINT), CAST({whole} % 60 AS BIGINT))"
    fraction = f"CASE WHEN {part} > 0 THEN '.' || rtrim(lpad(CAST({part} AS VARCHAR), {digits}, '0'), '0') ELSE '' END"
    return f"CASE WHEN {column} < 0 THEN '-' ELSE '' END || {clock} || {fraction}"
