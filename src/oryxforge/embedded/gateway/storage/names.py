"""Names of buckets and objects: what may be one, and what is never derived from one."""

import re
import unicodedata
from urllib.parse import unquote_to_bytes

from oryxforge.embedded.gateway.storage.faults import Fault

BUCKET = re.compile(r"[A-Za-z0-9_!\-.*'() &$@=;:+,?]{1,100}")
# Paths of the API itself, where such a bucket's objects could not be told apart from calls.
RESERVED = frozenset({"authenticated", "copy", "info", "list", "list-v2", "move", "public", "sign", "upload"})
NAME_BYTES = 1024


def checked_bucket(name: object) -> str:
    """The bucket's name. Raises Fault InvalidBucketName."""
    if (
        not isinstance(name, str)
        or not BUCKET.fullmatch(name)
        or name != name.strip()
        or name in RESERVED
        or set(name) == {"."}
    ):
        raise Fault(
            400,
            "InvalidBucketName",
            "A bucket is named by up to 100 letters, digits and signs such as - _ . and not by a word of the API",
        )
    return name


def checked_name(name: object) -> str:
    """The object's name. Raises Fault InvalidKey for traversal, control characters, empty folders and what is over-long."""
    if not isinstance(name, str) or not may_name(name):
        raise Fault(
            400,
            "InvalidKey",
            f"An object is named by a path such as folder/file.csv of up to {NAME_BYTES} bytes, "
            "without empty parts, dots alone, backslashes or control characters",
        )
    return name


def may_name(name: str) -> bool:
    """Whether an object can have this name."""
    return not (
        any(unicodedata.category(c) in ("Cc", "Cs") or c == "\\" for c in name)
        or any(part.strip() in ("", ".", "..") for part in name.split("/"))
        or len(name.encode()) > NAME_BYTES
    )


def check_readable(path: bytes) -> None:
    """Raises Fault InvalidKey for what is no UTF-8: decoded loosely, several such names would be one."""
    try:
        unquote_to_bytes(path).decode()
    except UnicodeDecodeError as error:
        raise Fault(400, "InvalidKey", "Names are UTF-8, written in the address by percent signs") from error


def key_of(version: str) -> str:
    """Where a version's bytes are in the file store."""
    return f"storage/{version[:2]}/{version}"
