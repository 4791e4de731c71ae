"""What is in a folder: its folders by name, then its objects in the order asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oryxforge.embedded.gateway.callers import Caller
from oryxforge.embedded.gateway.storage import walks
from oryxforge.embedded.gateway.storage.access import Access
from oryxforge.embedded.gateway.storage.faults import invalid

SORTS = frozenset({"name", "created_at", "updated_at", "last_accessed_at"})
MOST = 1_000
NOTHING: Mapping[str, None] = dict.fromkeys(
    ("id", "created_at", "updated_at", "last_accessed_at", "metadata")
)


@dataclass(frozen=True)
class Sort:
    column: str
    order: str

    @property
    def sql(self) -> str:
        """By name among equals."""
        by_name = f'name collate "C" {self.order}'
        return by_name if self.column == "name" else f"{self.column} {self.order}, {by_name}"


class Listing:
    def __init__(self, access: Access) -> None:
        self._access = access

    async def folder(self, caller: Caller, bucket: str, body: Mapping[str, object]) -> list[dict[str, Any]]:
        """`body` as supabase-js sends it: prefix, search, limit, offset, sortBy. Raises Fault InvalidRequest."""
        prefix, search = text_of(body, "prefix").strip("/"), text_of(body, "search").lower()
        limit = min(number_of(body, "limit", 100), MOST)
        offset, sort = number_of(body, "offset", 0), sort_of(body.get("sortBy"), SORTS)
        folder = f"{prefix}/" if prefix else ""
        low, high = folder + walks.AFTER, walks.past(folder)
        async with self._access.acting(caller, "storage.object.list") as db:
            # A folder has no times: folders sort by name whatever is asked.
            query, values = walks.folders(bucket, folder, low, high, sort.order)
            matched = f"where starts_with(lower(part), ${len(values) + 1})"
            rows = await db.fetch(
                f"{query} {matched} limit ${len(values) + 2}", *values, search, offset + limit
            )
            found = [{"name": row["part"], **NOTHING} for row in rows[offset:]]
            if left := limit - len(found):
                query, values = walks.files(bucket, folder, low, high)
                rest = "substr(name, char_length($2) + 1)"
                matched = f"and starts_with(lower({rest}), ${len(values) + 1}) order by {sort.sql}"
                page = f"limit ${len(values) + 2} offset ${len(values) + 3}"
                skipped = max(0, offset - len(rows))
                direct = await db.fetch(f"{query} {matched} {page}", *values, search, left, skipped)
                found += [{**dict(row), "name": row["name"][len(folder) :]} for row in direct]
            return found


def text_of(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    value = "" if value is None else value
    if not isinstance(value, str) or "\0" in value:
        raise invalid(f"{name} is a text")
    return value


def number_of(body: Mapping[str, object], name: str, otherwise: int, least: int = 0) -> int:
    value = body.get(name)
    if value is None:
        return otherwise
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 1_000_000:
        raise invalid(f"{name} is a whole number from {least} to 1,000,000")
    return value


def sort_of(given: object, columns: frozenset[str]) -> Sort:
    wanted: Mapping[str, object] = given if isinstance(given, dict) else {}
    column, order = wanted.get("column") or "name", wanted.get("order") or "asc"
    if column not in columns or order not in ("asc", "desc"):
        raise invalid(f"sortBy names {', '.join(sorted(columns))}, and asc or desc")
    return Sort(str(column), str(order))
