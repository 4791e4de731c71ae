"""`regions with no orders in 2023`, `customers who ordered`: what has, or lacks, rows."""

from oryxforge.agents.quick.grammar.draft import Doubt, Draft, Line
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.language.spelling import word_set
from oryxforge.agents.quick.reading import Ask, Condition, Group, Reading
from oryxforge.agents.quick.schema import Kind

NO = word_set("no without never")
NOT = (
    "not",
    "did not",
    "didn't",
    "have not",
    "has not",
    "haven't",
    "hasn't",
    "were not",
    "weren't",
    "was not",
    "wasn't",
)
VERBS = word_set("ordered bought purchased placed sold made visited")
BETWEEN = (Role.STOP, Role.HAVE, Role.WITH, Role.BE, Role.WHICH)


def read_absent(line: Line, draft: Draft) -> None:
    """Takes the subject, what it lacks and the word for it; conditions after them are read as ever."""
    leads = (Role.STOP, Role.WHICH, Role.INTENT, Role.AGGREGATE, Role.BE)
    subject = next((at for at, i in enumerate(line.items) if i.role not in leads), -1)
    while _tells(line.get(subject)) and (of := line.get(subject + 1)) and of.role is Role.SHEET:
        subject += 1
    if subject < 0 or not _countable(line.items[:subject]):
        return
    place = _over(line, subject + 1, Role.IN, Role.VALUE)
    found = line.get(place)
    if found is None:
        return
    said = found.text.casefold()
    lacking = found.role is Role.NOT and (said in NO or said in NOT)
    what = _over(line, place + 1) if lacking else place
    bound = lacking or place > subject + 1 or _verb(found)
    thing = line.get(what)
    if thing is None or not bound or (said in NOT and not _verb(thing) and thing.role is not Role.SHEET):
        return
    if _has_rows(draft, thing) and _subject(draft, line.items[subject], thing, lacking=lacking):
        draft.absent = "without" if lacking else "with"
        draft.where += [Condition(thing.matches[0].field.ref, "true")] if _truth(thing) else []
        kept = range(subject, what + 1)
        line.take(*(at for at in kept if line.items[at].role not in (Role.IN, Role.VALUE)))


def is_absent(line: Line, draft: Draft) -> bool:
    """Whether the question asks for rows of the looked-up sheet by what they have or lack; for a scratch draft."""
    read_absent(line, draft)
    return bool(draft.absent) and not draft.groups


def _tells(item: Item | None) -> bool:
    """The vip in `vip customers`."""
    if item is None or item.role is Role.VALUE:
        return item is not None
    return item.role is Role.COLUMN and item.matches[0].field.column.kind is Kind.TRUTH


def _countable(items: list[Item]) -> bool:
    return all(i.value in ("count", "distinct") for i in items if i.role is Role.AGGREGATE)


def _over(line: Line, place: int, *more: Role) -> int:
    while (item := line.get(place)) and item.role in (*BETWEEN, *more) and not _verb(item):
        place += 1
    return place


def _verb(item: Item) -> bool:
    return item.text.casefold() in VERBS


def _has_rows(draft: Draft, item: Item) -> bool:
    """Whether rows are spoken of: by their sheet, their number, as sales, as what was done, as what is true of them."""
    if item.role is Role.SHEET:
        return item.value == draft.view.sheet.address
    if item.role is Role.COLUMN:
        column = item.matches[0].field.column
        return item.thing or _truth(item) or (not item.sure and column.takings)
    return _verb(item) or item.value == "rows"


def _truth(item: Item) -> bool:
    """`no returns`: some of the rows, by a column of yes and no."""
    field = item.matches[0].field if item.role is Role.COLUMN else None
    return field is not None and field.column.kind is Kind.TRUTH and not field.ref.joined


def _subject(draft: Draft, item: Item, thing: Item, *, lacking: bool) -> bool:
    """What has or lacks them: the rows of the looked-up sheet, or the values of a column."""
    if item.role is Role.SHEET:
        return draft.view.joined is not None and item.value == draft.view.joined.address
    if item.role is not Role.COLUMN or not lacking:
        return False
    column, ref = item.matches[0].field.column, item.matches[0].field.ref
    same = thing.role is Role.COLUMN and thing.matches[0].field.ref == ref
    if same or not (column.kind in (Kind.TEXT, Kind.TRUTH) or column.identifying):
        return False
    draft.groups = [Group(ref)]
    return True


def absent(draft: Draft) -> Reading | None:
    """The looked-up rows, or the values of a column, that have or lack rows where the conditions hold."""
    sheet = draft.view.sheet.address
    counted = bool(draft.measures)
    if (
        any(m.how not in ("count", "distinct") for m in draft.measures)
        or len(draft.groups) > 1
        or draft.having
    ):
        said = "I can list or count what has no rows, but not measure it at once. Ask for the list first."
        draft.doubts.append(Doubt(said))
        return None
    if draft.groups and not draft.where:
        of = draft.groups[0].of.column
        said = f"Every {of} that {sheet} knows comes from one of its rows. Say when or where there were none."
        draft.doubts.append(Doubt(said))
        return None
    method = f"{draft.absent} count" if counted else draft.absent
    join = None if draft.groups else draft.view.join
    return Reading(
        Ask.ABSENT, sheet, groups=tuple(draft.groups), part=tuple(draft.where), method=method, join=join
    )
