"""The SQL of purges, under the workers' own login role; what may go is decided in the database."""

from collections.abc import Sequence
from datetime import datetime

from oryxforge.adapters.postgres.pool import AWAY, Pool, unavailable


class PgPurges:
    """The Purges port over Postgres."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def purge(self, before: datetime, most: int) -> Sequence[str]:
        try:
            async with self._pool.connection() as db:
                rows = await db.fetch("select uri from oryxforge.purge_sheets($1, $2) uri", before, most)
        except AWAY as error:
            raise unavailable(error) from error
        return [row["uri"] for row in rows]

    async def forget(self, uris: Sequence[str]) -> None:
        try:
            async with self._pool.connection() as db:
                await db.execute("select oryxforge.forget_files($1)", list(uris))
        except AWAY as error:
            raise unavailable(error) from error
