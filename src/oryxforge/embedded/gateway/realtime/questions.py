"""What only Postgres can tell of values: their printed form, their JSON, whether a filter holds, what a row left out."""

import re
from collections.abc import Iterable, Sequence

import asyncpg

from oryxforge.embedded.gateway.realtime.asking import AWAY, Asker
from oryxforge.embedded.gateway.realtime.catalog import Column, Table, as_logged
from oryxforge.embedded.gateway.realtime.filters import MATCHED, BadFilter, Condition, Payer
from oryxforge.embedded.gateway.realtime.pgoutput import UNCHANGED, Change, Row, Unchanged
from oryxforge.embedded.gateway.realtime.runs import Key, key_of
from oryxforge.embedded.gateway.realtime.sight import ADMIN, ADMIN_CLAIMS, read_rows

TRIAL_S = 0.2
_AS_PRINTED = {
    "text": re.compile(".+", re.S),
    "varchar": re.compile(".+", re.S),
    "uuid": re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "int2": re.compile("0|-?[1-9][0-9]{0,3}"),
    "int4": re.compile("0|-?[1-9][0-9]{0,8}"),
    "int8": re.compile("0|-?[1-9][0-9]{0,17}"),
}


async def printed_of(asker: Asker, conditions: Sequence[Condition], payer: Payer) -> dict[Condition, bytes]:
    """The values of equalities as the stream prints them; all others are tried once. Raises BadFilter."""
    printed: dict[Condition, bytes] = {}
    for condition in conditions:
        if condition.indexable and (known := _printed_here(condition.column.type, condition.values[0])):
            printed[condition] = known
            continue
        column = condition.column.sql_type
        try:
            async with asker.connection(payer) as db:
                if condition.indexable:
                    said = await db.fetchval(
                        f"select {as_logged(f'$1::text::{column}')}", condition.values[0]
                    )
                    printed[condition] = str(said).encode()
                elif condition.operator in MATCHED:
                    # A pattern is read only where there is a value to hold against it.
                    tried = f"select 'a' {MATCHED[condition.operator]} $1::text"
                    await db.fetchval(tried, condition.argument, timeout=TRIAL_S)
                else:
                    # What is compared to null may not be looked at.
                    tried = f"select {condition.sql('null', 1)}, num_nulls({condition.given(1)})"
                    await db.fetchrow(tried, condition.argument)
        except (TimeoutError, asyncpg.QueryCanceledError) as error:
            raise BadFilter(f"the filter on {condition.column.name} takes too long") from error
        except AWAY:
            raise
        except asyncpg.PostgresError as error:
            raise BadFilter(f"the filter on {condition.column.name} does not fit: {error}") from error
    return printed


def _printed_here(type_: str, value: str) -> bytes | None:
    """As Postgres prints the value, where that is known without asking."""
    pattern = _AS_PRINTED.get(type_)
    if pattern is None or pattern.fullmatch(value) is None:
        return None
    return (value.lower() if type_ == "uuid" else value).encode()


async def filtered(
    db: asyncpg.Connection, conditions: Sequence[Condition], changes: Sequence[Change], within_s: float
) -> set[int]:
    """The ids of the changes for which all conditions hold. Raises QueryCanceledError or TimeoutError."""
    places = list(dict.fromkeys(c.column.place for c in conditions))
    given = ", ".join(f"${n}::text[]" for n in range(1, len(places) + 1))
    named = ", ".join(f"c{place}" for place in places)
    first = len(places) + 1
    said = " and ".join(c.sql(f"c{c.column.place}", first + n) for n, c in enumerate(conditions))
    arrays = [[_printed(change, place) for change in changes] for place in places]
    async with db.transaction():
        await db.execute(f"set local statement_timeout = {round(within_s * 1000)}")
        rows = await db.fetch(
            f"select n from unnest({given}) with ordinality as given({named}, n) where {said}",
            *arrays,
            *(c.argument for c in conditions),
        )
    return {id(changes[row["n"] - 1]) for row in rows}


async def json_of(asker: Asker, rows: Iterable[tuple[Row, Table]]) -> dict[tuple[int, int], bytes]:
    """What to_jsonb makes of values whose JSON is not known here, by the row's id and place."""
    wanted: dict[str, list[tuple[int, int, str]]] = {}
    for row, table in rows:
        for column in table.columns:
            value = row[column.place]
            if column.encode is None and isinstance(value, bytes):
                wanted.setdefault(column.sql_type, []).append((id(row), column.place, value.decode()))
    made: dict[tuple[int, int], bytes] = {}
    for sql_type, values in wanted.items():
        async with asker.connection() as db:
            found = await db.fetch(
                f"select to_jsonb(v::{sql_type})::text as v from unnest($1::text[]) with ordinality as g(v, n) order by n",
                [printed for _, _, printed in values],
            )
        for (row, place, _), said in zip(values, found, strict=True):
            made[row, place] = said["v"].encode()
    return made


async def refill(asker: Asker, table: Table, changes: Sequence[Change], columns: Sequence[Column]) -> None:
    """Puts values that the log left out into their rows, as they are now; rows that are gone stay as they are."""
    keys: dict[Key, list[Change]] = {}
    for change in changes:
        if (key := key_of(table, change)) is not None:
            keys.setdefault(key, []).append(change)
    if not keys:
        return
    async with asker.as_role(ADMIN, ADMIN_CLAIMS) as db:
        found = await read_rows(db, table, list(keys), [c.name for c in columns])
    for key, values in found.items():
        for change in keys[key]:
            for column, value in zip(columns, values, strict=True):
                if isinstance(change.row[column.place], Unchanged):
                    change.row[column.place] = value.encode() if value is not None else None
            change.holes = UNCHANGED in change.row


def _printed(change: Change, place: int) -> str | None:
    value = change.row[place]
    return value.decode() if isinstance(value, bytes) else None
