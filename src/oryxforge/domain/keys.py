"""Keys of the file store: relative paths such as `projects/<uuid>/sources/<uuid>/original.csv`."""

import unicodedata

from oryxforge.domain.errors import Invalid

MAX_LENGTH = 1024


def checked_key(key: str) -> str:
    """The key itself. Raises Invalid where it could point outside the store or can't be a name there."""
    parts = key.split("/")
    if (
        not key
        or len(key) > MAX_LENGTH
        or any(part in ("", ".", "..") for part in parts)
        or any(c == "\\" or unicodedata.category(c) in ("Cc", "Cs") for c in key)
        or ":" in parts[0]
    ):
        raise Invalid(
            "A file is named by a relative key such as `projects/a/b.csv`, without `..`, backslashes "
            "or control characters.",
            code="bad_key",
        )
    return key
