"""What a project could be asked, from what it holds."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from loguru import logger

from oryxforge.domain.errors import OryxError
from oryxforge.domain.identity import Actor
from oryxforge.domain.sheets import Sheet, SheetType
from oryxforge.ports.engine import Engine
from oryxforge.ports.repos import Store
from oryxforge.ports.suggester import Glimpse, Seen, Suggester

MOST = 6
LOOKED_AT = 3
WIDEST = 200
REMEMBERED = 500
Version = tuple[tuple[UUID, int, str], ...]


class Suggestions:
    def __init__(self, store: Store, engine: Engine, suggester: Suggester) -> None:
        self._store = store
        self._engine = engine
        self._suggester = suggester
        self._made: OrderedDict[UUID, tuple[Version, list[str]]] = OrderedDict()

    async def of_project(self, actor: Actor, project_id: UUID) -> list[str]:
        """Up to six questions that the project's tables can answer, the newest table's first; none without a table."""
        async with self._store.transaction(actor) as tx:
            await tx.projects.get(project_id)
            sheets = await tx.sheets.in_project(project_id)
        tables = [s for s in sheets if s.type is SheetType.TABLE]
        tables.sort(key=lambda s: s.created_at, reverse=True)
        tables.sort(key=lambda s: s.source_id is None)
        version = tuple((s.id, s.version, s.address) for s in tables)
        known = self._made.get(project_id)
        if known is not None and known[0] == version:
            return known[1]
        seen = await asyncio.gather(*(self._glimpse(s) for s in tables[:LOOKED_AT]))
        made = await self._suggester.questions([*seen, *map(Glimpse, tables[LOOKED_AT:])], MOST)
        self._made[project_id] = (version, made)
        if len(self._made) > REMEMBERED:
            self._made.popitem(last=False)
        return made

    async def _glimpse(self, sheet: Sheet) -> Glimpse:
        """The first rows lie ready beside the sheet; where they can't be had, nothing is known of it."""
        if len(sheet.columns) > WIDEST:
            return Glimpse(sheet)
        try:
            head = json.loads(await self._engine.head(sheet.uri))
        except OryxError as error:
            logger.warning("no first rows to suggest from", sheet=sheet.address, code=error.code)
            return Glimpse(sheet)
        rows = cast("Sequence[Sequence[object]]", head["data"])
        columns = dict(
            zip(cast("Sequence[str]", head["headers"]), map(_seen, zip(*rows, strict=True)), strict=False)
        )
        return Glimpse(sheet, len(rows), columns)


def _seen(values: Sequence[object]) -> Seen:
    there = [str(v) for v in values if v is not None]
    return Seen(len(set(there)), len(values) - len(there))
