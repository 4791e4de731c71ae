"""Questions to begin with, each read by the analyst itself before it is offered."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import quoted
from oryxforge.agents.quick.ideas import ASKED_COLUMNS, Idea, Subject
from oryxforge.agents.quick.language.spelling import WORD, many, parts
from oryxforge.agents.quick.reading import Reading
from oryxforge.agents.quick.schema import Column, Sheet
from oryxforge.agents.quick.understand import Reader
from oryxforge.ports.suggester import Glimpse
from oryxforge.ports.toolbox import Toolbox, ToolResult, ToolSpec

# How many questions each of so many tables gets, the newest first.
SHARES: Mapping[int, tuple[int, ...]] = {1: (6,), 2: (4, 2), 3: (3, 2, 1)}
# Reading among more tables, or more columns, takes too long: there a question names its table, or its columns, exactly.
FEW_SHEETS, FEW_COLUMNS = 3, 100
ABOUT, LONGEST = 3, 90


class Deaf(Toolbox):
    """Answers nothing: no question is offered that needs a look into the data to be understood."""

    def specs(self) -> Sequence[ToolSpec]:
        return ()

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        return ToolResult(False, "")


class Starters:
    """The Suggester of the quick analyst."""

    async def questions(self, sheets: Sequence[Glimpse], most: int) -> list[str]:
        return await asyncio.to_thread(lambda: asyncio.run(_questions(sheets, most)))


async def _questions(sheets: Sequence[Glimpse], most: int) -> list[str]:
    known = [(made, g) for g in sheets if (made := _sheet(g)).columns]
    own = [k for k in known if not k[0].derived] or known
    # A table with numbers has more to tell than one without, though it be some files older.
    subjects = sorted((Subject(s, g) for s, g in own[:ABOUT]), key=lambda subject: not subject.measures)
    found = [await _sure(subject, [s for s, _ in own], most) for subject in subjects]
    return _shared([f for f in found if f], most)


async def _sure(subject: Subject, sheets: Sequence[Sheet], most: int) -> list[str]:
    """The questions about a table that are read just as they are meant, each reading once."""
    named = len(sheets) > FEW_SHEETS or any(len(s.columns) > FEW_COLUMNS for s in sheets)
    reader = Reader([_narrow(subject.sheet)] if named else sheets, Deaf())
    found: dict[Reading, str] = {}
    kin: set[str] = set()
    for idea in subject.ideas():
        if len(found) == most:
            break
        if idea.kin in kin:
            continue
        for text in _exact(idea, subject.sheet) if named else _wordings(idea, subject.sheet, len(sheets)):
            understood = await reader.read(text, None)
            reading = understood.reading
            if reading is not None and not understood.aside and _meant(reading, idea, subject.sheet):
                found.setdefault(reading, text[0].upper() + text[1:])
                kin |= {idea.kin} - {""}
                break
    return list(found.values())


def _narrow(sheet: Sheet) -> Sheet:
    return (
        replace(sheet, columns=sheet.columns[:ASKED_COLUMNS]) if len(sheet.columns) > FEW_COLUMNS else sheet
    )


def _exact(idea: Idea, sheet: Sheet) -> Iterator[str]:
    if len(sheet.columns) <= FEW_COLUMNS:
        yield f"{_plain(idea)} in {sheet.address}"
    yield f"{idea.text.format(*(quoted(c.name) for c in idea.columns))} in {sheet.address}"


def _wordings(idea: Idea, sheet: Sheet, tables: int) -> Iterator[str]:
    """From the shortest to the one that leaves no doubt."""
    if tables == 1:
        yield _plain(idea)
    else:
        if not idea.whole:
            yield _plain(idea)
        yield f"{_plain(idea)} in {_said(sheet.name) or sheet.address}"
    yield from _exact(idea, sheet)


def _plain(idea: Idea) -> str:
    said = [_said(c.name) or quoted(c.name) for c in idea.columns]
    if idea.several and not said[0].startswith('"'):
        said[0] = many(said[0])
    return idea.text.format(*said)


def _said(name: str) -> str:
    """A name as one would say it: `unitPrice` and `unit_price` alike."""
    return " ".join(part.lower() for word in WORD.findall(name) for part in parts(word))


def _meant(reading: Reading, idea: Idea, sheet: Sheet) -> bool:
    used = {c.column for c in reading.columns} | {m.of.column for m in reading.measures if m.of}
    used |= {g.of.column for g in (*reading.groups, *reading.per)}
    extra = reading.where or reading.part or reading.having or reading.join
    return reading.sheet == sheet.address and not extra and {c.name for c in idea.columns} <= used


def _shared(found: Sequence[Sequence[str]], most: int) -> list[str]:
    """Each table's share; what one can't fill the others do."""
    taken = [len(f[:n]) for f, n in zip(found, SHARES.get(len(found), ()), strict=False)]
    for at, questions in enumerate(found):
        left = most - sum(taken)
        taken[at] += min(left, len(questions) - taken[at])
    return [q for f, n in zip(found, taken, strict=True) for q in f[:n] if len(q) <= LONGEST][:most]


def _sheet(glimpse: Glimpse) -> Sheet:
    sheet = glimpse.sheet
    columns = tuple(Column(c.name, c.type) for c in sheet.columns)
    return Sheet(sheet.address, sheet.name, sheet.rows, columns)
