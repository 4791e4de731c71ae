"""What a caller may do in a private channel: the policies of realtime.messages, tried and undone."""

from collections.abc import Hashable
from dataclasses import dataclass
from uuid import uuid4

import asyncpg

from oryxforge.embedded.gateway.realtime.asking import Asker, Subject, become

EXTENSIONS = ("broadcast", "presence")
INSERT = "insert into realtime.messages (id, topic, extension) values ($1, $2, $3)"
INSERTS = """
with topic as (select set_config('realtime.topic', $2, true) as name)
insert into realtime.messages (id, topic, extension)
select made.id, topic.name, made.extension from topic, unnest($1::uuid[], $3::text[]) as made(id, extension)
"""


@dataclass(frozen=True)
class Rights:
    """Extensions (`broadcast`, `presence`) that may be heard and sent."""

    hears: frozenset[str]
    sends: frozenset[str]


ALL = Rights(frozenset(EXTENSIONS), frozenset(EXTENSIONS))


async def rights_in(asker: Asker, topic: str, subject: Subject, who: Hashable) -> Rights:
    """Topics are named as policies know them, without `realtime:`; `who` is charged. Raises what the driver raises."""
    hears, sends = set[str](), set[str]()
    made = {uuid4(): extension for extension in EXTENSIONS}
    async with asker.as_role("service_role", '{"role":"service_role"}', who) as db:
        await db.execute(INSERTS, list(made), topic, list(made.values()))
        await become(db, subject.role, subject.settings)
        try:
            async with db.transaction():
                rows = await db.fetch("select id from realtime.messages where id = any ($1)", list(made))
                hears = {made[row["id"]] for row in rows}
        except asyncpg.InsufficientPrivilegeError:
            hears = set()
        for extension in EXTENSIONS:
            try:
                async with db.transaction():
                    await db.execute(INSERT, uuid4(), topic, extension)
                    sends.add(extension)
            except asyncpg.InsufficientPrivilegeError:
                continue
    return Rights(frozenset(hears), frozenset(sends))
