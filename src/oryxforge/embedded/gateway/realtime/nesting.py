"""How deep the JSON of clients may be nested: orjson reads far more levels than it writes, and answers wrap what came."""

from collections.abc import Iterable
from typing import Any, cast

LEVELS_MOST = 240
TOO_DEEP = f"JSON may be nested at most {LEVELS_MOST} levels deep"


def is_too_deep(value: object, text: str | bytes) -> bool:
    """Whether `value`, which was read from `text`, is nested too deep to be written again."""
    raw = text if isinstance(text, bytes) else text.encode()
    if raw.count(b"[") + raw.count(b"{") <= LEVELS_MOST:
        return False
    level = [value]
    for _ in range(LEVELS_MOST):
        level = [inner for outer in level for inner in _within(outer) if isinstance(inner, dict | list)]
    return any(isinstance(one, dict | list) for one in level)


def _within(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[Any]", value) if isinstance(value, list) else ()
