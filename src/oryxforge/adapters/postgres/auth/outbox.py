"""The outbox of an installation without a mail server: the last hundred mails."""

from typing import Any

from oryxforge.adapters.postgres.auth.users import stamp
from oryxforge.adapters.postgres.pool import Connection

KEPT = 100


async def put(
    db: Connection, recipient: str, kind: str, subject: str, body: str, link: str | None, code: str | None
) -> None:
    await db.execute(
        """insert into auth.outbox (recipient, kind, subject, body, link, code) values ($1, $2, $3, $4, $5, $6)""",
        recipient,
        kind,
        subject,
        body,
        link,
        code,
    )
    await db.execute(
        "delete from auth.outbox where id <= (select id from auth.outbox order by id desc offset $1 limit 1)",
        KEPT,
    )


async def last(db: Connection, most: int = KEPT) -> list[dict[str, Any]]:
    """Newest first."""
    rows = await db.fetch("select * from auth.outbox order by id desc limit $1", most)
    return [{**dict(r), "created_at": stamp(r["created_at"])} for r in rows]
