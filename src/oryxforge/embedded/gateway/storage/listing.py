"""What is in a folder: its folders by name, then its objects in the order asked for."""

from collections.abc import Mapping
from typing import Any

from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.storage.access import Access
from oryxforge.embedded.gateway.storage.faults import invalid

SORTS = {"name", "created_at", "updated_at", "last_accessed_at"}
MOST = 1_000
LIST = """with below as materialized (
    select substr(name, char_length($2) + 1) as rest, id, created_at, updated_at, last_accessed_at, metadata
    from storage.objects where bucket_id = $1 and starts_with(name collate "C", $2)
  ), found as (
    select distinct 0 as kind, split_part(rest, '/', 1) as name, null::uuid as id, null::timestamptz as created_at,
      null::timestamptz as updated_at, null::timestamptz as last_accessed_at, null::jsonb as metadata
    from below where strpos(rest, '/') > 0
    union all
    select 1, rest, id, created_at, updated_at, last_accessed_at, metadata from below where strpos(rest, '/') = 0
  )
  select name, id, created_at, updated_at, last_accessed_at, metadata from found
  where starts_with(lower(name), lower($3)) and name <> ''
  order by kind, {sort} {order}, name collate "C" {order} limit $4 offset $5"""


class Listing:
    def __init__(self, access: Access) -> None:
        self._access = access

    async def folder(self, caller: Caller, bucket: str, body: Mapping[str, object]) -> list[dict[str, Any]]:
        """`body` as supabase-js sends it: prefix, search, limit, offset, sortBy. Raises Fault InvalidRequest."""
        prefix = _text(body, "prefix").strip("/")
        limit, offset = _number(body, "limit", 100), _number(body, "offset", 0)
        sort, order = _sort(body.get("sortBy"))
        # Every row of a folder has no times: they sort by name whatever is asked.
        column = 'name collate "C"' if sort == "name" else sort
        sql = LIST.format(sort=column, order=order)
        values = (bucket, f"{prefix}/" if prefix else "", _text(body, "search"), min(limit, MOST), offset)
        async with self._access.acting(caller, "storage.object.list") as db:
            return [dict(row) for row in await db.fetch(sql, *values)]


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    value = "" if value is None else value
    if not isinstance(value, str) or "\0" in value:
        raise invalid(f"{name} is a text")
    return value


def _number(body: Mapping[str, object], name: str, otherwise: int) -> int:
    value = body.get(name)
    if value is None:
        return otherwise
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
        raise invalid(f"{name} is a whole number from 0 to 1,000,000")
    return value


def _sort(given: object) -> tuple[str, str]:
    wanted: Mapping[str, object] = given if isinstance(given, dict) else {}
    sort, order = wanted.get("column") or "name", wanted.get("order") or "asc"
    if sort not in SORTS or order not in ("asc", "desc"):
        raise invalid("sortBy names name, created_at, updated_at or last_accessed_at, and asc or desc")
    return str(sort), str(order)
