"""Parquet files that other programs wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from loguru import logger

from oryxforge.adapters.engine.duck import Connection, quoted, text
from oryxforge.adapters.engine.durations import Rendering, rendering
from oryxforge.adapters.engine.headers import unique_headers
from oryxforge.adapters.engine.parquet import columns_of
from oryxforge.adapters.engine.values import shown_rows
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sources import ColumnReading, SheetPreview, SheetReading

MAX_DIGITS = 38
TYPED = "The file itself says so."
Node = tuple[str, int | None, int | None]


@dataclass(frozen=True)
class ParquetSource:
    """SQL of a Parquet file's rows under names that differ; `durations` are columns that it gives as texts."""

    select: str
    durations: tuple[str, ...]

    def receipt(self, connection: Connection) -> dict[str, object]:
        columns = columns_of(connection, self.select)
        types = [{"name": c.name, "type": c.type, "why": TYPED} for c in columns]
        told: dict[str, object] = {"types": types}
        if self.durations:
            told["durations_as_text"] = list(self.durations)
        return told


def open_parquet(connection: Connection, path: Path) -> ParquetSource:
    """Finds names and what of its types the engine's reader does not know.

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
    headers = unique_headers(_top_names(nodes))
    aliases = ", ".join(quoted(name) for name in headers)
    clocks = {
        headers[i]: rendered(quoted(headers[i])) for i, rendered in _durations(connection, path).items()
    }
    replaced = ", ".join(f"{rendered} AS {quoted(header)}" for header, rendered in clocks.items())
    chosen = f"* REPLACE ({replaced})" if replaced else "*"
    select = f"SELECT {chosen} FROM read_parquet({text(str(path))}) AS t({aliases})"
    return ParquetSource(select, tuple(clocks))


def preview_parquet(connection: Connection, path: Path, limit: int) -> SheetPreview:
    select = open_parquet(connection, path).select
    columns = columns_of(connection, select)
    headers, types = [c.name for c in columns], [c.type for c in columns]
    return SheetPreview(headers, types, shown_rows(connection, headers, types, f"{select} LIMIT {limit}"))


def inspect_parquet(connection: Connection, path: Path, name: str, limit: int) -> SheetReading:
    preview = preview_parquet(connection, path, limit)
    file = text(str(path))
    rows = connection.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({file})").fetchall()[0][0]
    pairs = zip(preview.headers, preview.types, strict=True)
    columns = [ColumnReading(header, kind, TYPED) for header, kind in pairs]
    return SheetReading(name, columns, preview.data, {}, int(rows or 0), exact=True)


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


def _durations(connection: Connection, path: Path) -> dict[int, Rendering]:
    """How to render the columns that are durations or have some in them, by position.

    They are plain integers but for what Arrow wrote beside them.
    """
    file = text(str(path))
    kept = f"SELECT 1 FROM parquet_kv_metadata({file}) WHERE key = 'ARROW:schema'::BLOB LIMIT 1"
    if connection.execute(kept).fetchone() is None:
        return {}
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        logger.warning("Arrow's schema of a Parquet file can't be read", error=str(error))
        return {}
    found = {i: rendering(field.type) for i, field in enumerate(schema)}
    return {i: rendered for i, rendered in found.items() if rendered is not None}
