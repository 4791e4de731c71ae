"""How deep the JSON of clients may be nested: orjson reads far more levels than it writes, and answers wrap what came."""

from oryxforge.embedded.gateway.requests import is_deeper

LEVELS_MOST = 240
TOO_DEEP = f"JSON may be nested at most {LEVELS_MOST} levels deep"


def is_too_deep(value: object, text: str | bytes) -> bool:
    """Whether `value`, which was read from `text`, is nested too deep to be written again."""
    raw = text if isinstance(text, bytes) else text.encode()
    return raw.count(b"[") + raw.count(b"{") > LEVELS_MOST and is_deeper(value, LEVELS_MOST)
