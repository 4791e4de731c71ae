"""What an upload says of its content, checked before it is stored and again before a browser gets it."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from oryxforge.embedded.gateway.storage.faults import Fault

WORD = r"[A-Za-z0-9!#$&^_.+-]{1,127}"
MEDIA_TYPE = re.compile(rf"{WORD}/{WORD}(\s*;[ -~]{{0,120}})?")
ALLOWED = re.compile(rf"{WORD}/({WORD}|\*)|\*/\*|\*")
CACHE = re.compile(r"[A-Za-z0-9=,\-\" ]{1,100}")
ENCODINGS = frozenset({"gzip", "br", "deflate", "zstd"})
UNKNOWN = "application/octet-stream"
# What a browser shows without running any of it; all else is saved, never shown on this origin.
SHOWN = re.compile(
    r"(image/(?!svg)|audio/|video/|font/|text/(plain|csv|tab-separated-values)$|application/(pdf|json)$)[^+]*"
)
SCRIPTS = re.compile(r"(text|application)/(x-)?(java|ecma|live|j)script[0-9.]*")


def checked_type(given: str | None) -> str:
    """Raises Fault InvalidMimeType."""
    if not given:
        return UNKNOWN
    if not MEDIA_TYPE.fullmatch(given):
        raise Fault(415, "InvalidMimeType", f"mime type {given[:100]} is not supported")
    return given


def check_allowed(given: str, allowed: Sequence[str] | None) -> None:
    """Raises Fault InvalidMimeType where a bucket's list has no place for a type."""
    kind = given.partition(";")[0].strip().lower()
    family = kind.partition("/")[0]
    if allowed and not {kind, f"{family}/*", "*/*", "*"} & {a.strip().lower() for a in allowed}:
        raise Fault(415, "InvalidMimeType", f"mime type {kind} is not supported")


def cache_control(given: str | None) -> str:
    """`3600` and `max-age=3600` mean the same; anything odd means no cache."""
    if not given:
        return "no-cache"
    value = f"max-age={given}" if given.isascii() and given.isdigit() else given
    return value if CACHE.fullmatch(value) else "no-cache"


def encoding(given: str | None) -> str | None:
    return given.lower() if given and given.lower() in ENCODINGS else None


def served_type(stored: str) -> str:
    """Scripts are handed out as text: a page of this origin would run them."""
    return "text/plain; charset=utf-8" if SCRIPTS.fullmatch(_essence(stored)) else stored


def disposition(stored: str, name: str, download: str | None) -> str | None:
    """`download` is the parameter of that name: the file's name to save under, empty for its own."""
    if download is None:
        return None if SHOWN.fullmatch(_essence(stored)) else "attachment"
    wanted = download or name.rpartition("/")[2]
    return f"attachment; filename*=UTF-8''{quote(wanted.encode('utf-8', 'replace'), safe='')}"


def _essence(stored: str) -> str:
    return stored.partition(";")[0].strip().lower()
