"""Parquet files that other programs wrote."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from oryxforge.adapters.engine.duck import Connection, quoted, text
from oryxforge.adapters.engine.headers import unique_headers
from oryxforge.adapters.engine.parquet import columns_of
from oryxforge.adapters.engine.values import shown_rows
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sources import SheetPreview

MAX_DIGITS = 38
Node = tuple[str, int | None, int | None]


def select_parquet(connection: Connection, path: Path) -> str:
    """SQL of a Parquet file's rows under names that differ.

    Raises Invalid for a file that is damaged, has no columns, or would lose digits.
    """
    try:
        nodes = connection.execute(
            f"SELECT name, num_children, precision FROM parquet_schema({text(str(path))})"
        ).fetchall()
        connection.execute(f"DESCRIBE FROM read_parquet({text(str(path))})")
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise Invalid(
            "The Parquet file can't be read; it may be damaged or cut off. Upload it again.",
            code="parquet_damaged",
        ) from error
    wide = [name for name, _, precision in nodes if (precision or 0) > MAX_DIGITS]
    if wide:
        raise Invalid(
            f"Column `{wide[0]}` holds decimals of more than {MAX_DIGITS} digits. Store it as text.",
            code="decimal_too_wide",
        )
    aliases = ", ".join(quoted(name) for name in unique_headers(_top_names(nodes)))
    return f"SELECT * FROM read_parquet({text(str(path))}) AS t({aliases})"


def preview_parquet(connection: Connection, path: Path, limit: int) -> SheetPreview:
    select = select_parquet(connection, path)
    columns = columns_of(connection, select)
    headers, types = [c.name for c in columns], [c.type for c in columns]
    return SheetPreview(headers, types, shown_rows(connection, headers, types, f"{select} LIMIT {limit}"))


def _top_names(nodes: Sequence[Node]) -> list[str]:
    """Names of the columns as they are in the file: the schema lists each column before its parts, a root before all."""
    names: list[str] = []
    parts_to_come = 0
    for name, children, _ in nodes[1:]:
        if parts_to_come == 0:
            names.append(name)
        else:
            parts_to_come -= 1
        parts_to_come += children or 0
    return names
