"""Names of datasets, sheets and repositories: derived once, here, from what a person typed."""

import keyword
import re
from collections.abc import Collection

from anyascii import anyascii

from oryxforge.domain.errors import Unprocessable

MAX_LENGTH = 50
MAX_TYPED = 200
RESERVED = frozenset(
    {
        "preview",
        "main",
        "temp",
        "system",
        "information_schema",
        "pg_catalog",
        "default",
        "memory",
    }
)
# Words of the SQL engine's grammar: unquoted, none of them can name a schema or a table.
SQL_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case
        cast check collate collation column concurrently constraint create cross default deferrable desc
        describe distinct do else end except false fetch for foreign freeze from full glob grant group
        having ilike in initially inner intersect into is isnull join lambda lateral leading left like
        limit natural not notnull null offset on only or order outer overlaps pivot pivot_longer
        pivot_wider placing positional primary qualify references returning right select semi show similar
        some summarize symmetric table tablesample then to trailing true union unique unpack unpivot using
        variadic verbose when where window with
        """,
    )
)


def clean_name(typed: str, what: str) -> str:
    """A name as typed, trimmed and on one line. Raises Unprocessable where nothing is left or it is too long."""
    name = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    if not name:
        raise Unprocessable(f"Give the {what} a name.", code="name_empty")
    if len(name) > MAX_TYPED:
        raise Unprocessable(
            f"The {what}'s name is over {MAX_TYPED} characters; shorten it.", code="name_too_long"
        )
    return name


def dataset_name_python(name: str, taken: Collection[str] = ()) -> str:
    """The snake_case form of a dataset's name, unlike any in `taken` without regard to case."""
    words = _words(name)
    stem = "_".join(w.lower() for w in words) or "dataset"
    if stem[0].isdigit():
        stem = f"d_{stem}"
    if _is_reserved(stem):
        stem = f"{stem}_ds"
    return _unlike(stem[:MAX_LENGTH].rstrip("_"), taken, "_")


def sheet_name_python(name: str, taken: Collection[str] = ()) -> str:
    """The PascalCase form of a sheet's name, unlike any in `taken` without regard to case."""
    words = _words(name)
    stem = "".join(w[0].upper() + w[1:] for w in words) or "Sheet"
    if stem[0].isdigit():
        stem = f"S{stem}"
    if _is_reserved(stem):
        stem = f"{stem}Sheet"
    return _unlike(stem[:MAX_LENGTH], taken, "")


def git_name(name: str) -> str:
    """The slug of a project's repository and folder."""
    return "-".join(w.lower() for w in _words(name))[:MAX_LENGTH].strip("-") or "project"


def parse_address(address: str) -> tuple[str, str]:
    """Splits `dataset.Sheet`. Raises Unprocessable where it is not of that form."""
    match = re.fullmatch(r"\s*([A-Za-z_]\w{0,49})\.([A-Za-z_]\w{0,49})\s*", address, re.ASCII)
    if match is None:
        raise Unprocessable(
            "A sheet is named `dataset.Sheet`, for example `sources.Orders`.", code="address_malformed"
        )
    return match[1], match[2]


def _words(name: str) -> list[str]:
    plain = anyascii(name)
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", plain)
    return re.findall(r"[A-Za-z0-9]+", spaced)


def _is_reserved(stem: str) -> bool:
    low = stem.lower()
    return low in RESERVED or low in SQL_WORDS or keyword.iskeyword(stem) or keyword.iskeyword(low)


def _unlike(stem: str, taken: Collection[str], joint: str) -> str:
    low = {t.lower() for t in taken}
    if stem.lower() not in low:
        return stem
    number = 2
    while True:
        tail = f"{joint}{number}"
        candidate = stem[: MAX_LENGTH - len(tail)] + tail
        if candidate.lower() not in low:
            return candidate
        number += 1
