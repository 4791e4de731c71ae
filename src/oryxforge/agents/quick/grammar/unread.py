"""What no pass has read: whether it may be left aside, or makes the reading unsure."""

from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import Choice, Doubt, Draft, Line
from oryxforge.agents.quick.grammar.groups import unknown
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.language.spelling import fold, stem
from oryxforge.agents.quick.reading import Ask, Reading
from oryxforge.agents.quick.schema import Kind

LOOSE_IN = ("as",)
# Before a plural they mean the rows themselves: `of the players`.
DEFINITE = ("the", "all", "these", "those", "our")
SHEETS = ("dataset", "data", "table", "sheet", "file", "dataframe")
# Left aside, these take nothing from the rows that are asked for.
ABOUT = (
    "total",
    "currently",
    "altogether",
    "quickly",
    "first",
    "overall",
    "responded",
    "answered",
    "collected",
)
TRIVIAL = ("one", "zero")


def check(line: Line, draft: Draft) -> None:
    """Notes what is left: aside where it can't change the answer, else as a doubt."""
    if any(_either(line, at) for at, i in enumerate(line.items) if i.role is Role.OR):
        said = "Conditions with an “or” between two columns, or on a column's numbers, I can't read. Write it as SQL, or ask for each."
        draft.doubts.append(Doubt(said))
    for at, item in line.free():
        match item.role:
            case Role.WORD:
                _word(line, draft, at, item)
            case Role.QUOTED:
                draft.doubts.append(unknown(line, draft, item))
            case Role.NUMBER if item.text.casefold() not in TRIVIAL:
                draft.doubts.append(
                    Doubt(f"I can't tell what “{item.text}” is for. Say of which column, or how many rows.")
                )
            case Role.PERIOD:
                draft.doubts.append(
                    Doubt(f"There is no column of dates in {draft.view.sheet.address} for “{item.text}”.")
                )
            case Role.NOT | Role.COMPARISON if item.value not in ("between", "="):
                draft.doubts.append(
                    Doubt(
                        f"I can't tell what “{item.text}” belongs to. Say it as: column, comparison, value."
                    )
                )
            case Role.SUPERLATIVE:
                draft.doubts.append(Doubt(f"I can't tell what “{item.text}” belongs to."))
            case Role.SHEET if item.value not in draft.view.addresses:
                draft.aside.append(item.text)
            case _:
                continue


def _either(line: Line, at: int) -> bool:
    """`North or online`, `under 3 or over 8`: an `or` that is not among the values of one column."""
    place = line.after(at, Role.NOT, Role.IN, Role.BE, Role.WITH, Role.HAVE, Role.WHICH)
    left, right = line.get(line.before(at, Role.IN)), line.get(place)
    if left is None or right is None:
        return False
    if right.role is Role.COLUMN:
        compared = line.get(line.after(place, Role.BE, Role.NOT))
        return compared is not None and compared.role in (Role.COMPARISON, Role.NUMBER, Role.QUOTED)
    if left.hits and right.hits:
        return not {h.column for h in left.hits} & {h.column for h in right.hits}
    kinds = {left.role, right.role}
    return right.role is Role.COMPARISON or (Role.VALUE in kinds and bool(kinds & {Role.PERIOD, Role.NUMBER}))


def too_bare(reading: Reading, draft: Draft) -> Doubt | None:
    """`employees still active`: all rows, where a word that was not understood asked for some of them."""
    rows = reading.ask is Ask.ROWS and not (reading.columns or reading.sort or draft.limit or draft.order)
    counted = (
        reading.ask is Ask.AGGREGATE and not reading.groups and all(m.of is None for m in reading.measures)
    )
    words = [w for w in draft.aside if w.casefold() not in ABOUT]
    if not words or reading.where or reading.having or not (rows or counted):
        return None
    said = ", ".join(f"“{w[:40]}”" for w in words[:4])
    return Doubt(
        f"I find no column or value for {said} in {reading.sheet}, and without it every row is meant."
    )


def _word(line: Line, draft: Draft, at: int, item: Item) -> None:
    if not any(c.isalnum() for c in item.text) or (len(item.text) == 1 and item.text.isascii()):
        return
    if _of_sheet(line, draft, at, item):
        return
    before = line.get(line.before(at, Role.BE))
    name = item.text[:1].isupper() and at > 0 and before is not None
    loose = line.get(at - 1)
    verb = item.text.casefold().endswith(("ed", "en", "ing"))
    headed = (
        loose is not None
        and not loose.sure
        and loose.role in ((Role.COLUMN,) if verb else (Role.COLUMN, Role.SHEET))
    )
    measured = _is_measure(line, draft, at) or _tells_apart(line, at)
    if (
        name
        or headed
        or measured
        or (before is not None and _binding(before) and not _the_rows(line, at, item))
    ):
        draft.doubts.append(_unknown(line, draft, at, item, before))
    elif (
        not draft.measures
        and not draft.noun
        and not draft.intents
        and line.is_free(line.after(at), Role.WORD) is False
        and _leads(line, at)
    ):
        draft.doubts.append(unknown(line, draft, item))
    elif _counted(line, draft, at):
        stem = f"number of rows in {draft.view.sheet.address}"
        draft.doubts.append(replace(unknown(line, draft, item), choices=(Choice(stem, stem),)))
    else:
        draft.aside.append(item.text)


def _tells_apart(line: Line, at: int) -> bool:
    """The net in `net revenue`; the click in `click rate`, where only the column discount_rate ends so."""
    following = line.get(at + 1)
    if following is None or following.role is not Role.COLUMN or following.thing:
        return False
    if (
        following.matches[0].field.column.kind is Kind.NUMBER
        and not following.matches[0].field.column.identifying
    ):
        return True
    if following.sure:
        return False
    named = following.matches[0].field.column.stems
    return len(named) > 1 and stem(fold(following.text)) == named[-1]


def _the_rows(line: Line, at: int, item: Item) -> bool:
    """`the average fare of the passengers`."""
    article, of = line.get(at - 1), line.get(line.before(at))
    plural = item.text.islower() and item.text.endswith("s")
    return bool(
        plural and of and of.text.casefold() == "of" and article and article.text.casefold() in DEFINITE
    )


def _is_measure(line: Line, draft: Draft, at: int) -> bool:
    """`seasonality in revenue`, `ratio of tea to coffee`: a word for what to make of something, that is not known here."""
    place = line.after(at)
    of = line.get(line.after(place))
    if of is None or not line.is_free(place, Role.IN) or draft.intents - {"show"}:
        return False
    number = of.role is Role.COLUMN and bool(of.kinds(Kind.NUMBER))
    return (number or of.role in (Role.VALUE, Role.SHEET)) and all(m.how == "" for m in draft.measures)


def _of_sheet(line: Line, draft: Draft, at: int, item: Item) -> bool:
    """`in the weather dataset`: part of the sheet's name."""
    after = line.get(at + 1)
    spoken = after is not None and after.text.casefold() in SHEETS
    return spoken and (len(item.text) > 3) and any(stem(fold(item.text)) in n for n in draft.view.sheet.names)


def _counted(line: Line, draft: Draft, at: int) -> bool:
    """`how many unicorns`, and nothing else that the data knows."""
    before = line.get(line.before(at))
    counted = before is not None and before.role is Role.AGGREGATE and before.value == "count"
    return counted and not (draft.where or draft.groups or draft.noun or draft.having)


def _leads(line: Line, at: int) -> bool:
    """Whether the word stands where the measure is expected: `profit by region`, `profit in 2024`."""
    after = line.get(line.after(at))
    return after is None or after.role in (Role.BY, Role.IN, Role.GRAIN, Role.PERIOD, Role.INTENT, Role.VALUE)


def _binding(before: Item) -> bool:
    """Whether what stands before a word makes it a filter, a group or a measure."""
    if before.role is Role.IN:
        return before.text.casefold() not in LOOSE_IN
    if before.role is Role.AGGREGATE:
        return before.value not in ("count",)
    if before.role is Role.INTENT:
        return before.text.casefold().endswith((" of", " in", " for", " between", " with"))
    return before.role in (Role.SUPERLATIVE, Role.BY, Role.NOT, Role.COMPARISON, Role.AND, Role.OR)


def _unknown(line: Line, draft: Draft, at: int, item: Item, before: Item | None) -> Doubt:
    doubt = unknown(line, draft, item)
    told = line.is_free(line.before(at), Role.IN)
    measured = (
        before is not None
        and before.role is Role.AGGREGATE
        and (c := line.get(at + 1))
        and c.role is Role.COLUMN
    )
    if not told and not measured:
        return doubt
    start, end = line.spans[item.start][0], line.spans[item.end - 1][1]
    if told:
        start = line.spans[line.items[line.before(at)].start][0]
    without = " ".join((draft.text[:start] + draft.text[end:]).split())
    return replace(doubt, choices=(Choice(f"without “{item.text}”", without),)) if without else doubt
