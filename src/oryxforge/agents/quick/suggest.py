"""Questions that the project's own tables can answer, to begin with."""

from collections.abc import Sequence

from oryxforge.agents.quick.grammar.draft import Choice, quoted
from oryxforge.agents.quick.schema import Column, Kind, Sheet

MOST = 4


def suggestions(sheets: Sequence[Sheet]) -> tuple[Choice, ...]:
    """Up to four questions about the largest table that was not made by an answer."""
    own = [s for s in sheets if not s.derived] or list(sheets)
    if not own:
        return ()
    best = max(own, key=lambda s: (_worth(s), s.rows))
    suffix = f" in {best.address}" if len(own) > 1 else ""
    return tuple(
        Choice(q, q) for q in (q if best.address in q else q + suffix for q in _questions(best)[:MOST])
    )


def _worth(sheet: Sheet) -> int:
    """How many kinds of questions a table bears."""
    return sum(bool(sheet.of_kind(k)) for k in (Kind.NUMBER, Kind.TEXT, Kind.DATE))


def _questions(sheet: Sheet) -> list[str]:
    numbers = [c for c in sheet.of_kind(Kind.NUMBER) if not c.identifying]
    numbers.sort(key=lambda c: not c.takings)
    added = [c for c in numbers if not c.intensive] or numbers
    groups = [c for c in sheet.of_kind(Kind.TEXT) if not c.identifying and not _naming(c)] or list(
        sheet.of_kind(Kind.TEXT)
    )
    dates = sheet.of_kind(Kind.DATE)
    found: list[str] = []
    if added and groups:
        how = "average" if added[0].intensive else "total"
        found.append(f"{how} {quoted(added[0].name)} by {quoted(groups[0].name)}")
    elif groups:
        found.append(f"number of rows by {quoted(groups[0].name)}")
    if added and dates:
        how = "average" if added[0].intensive else "total"
        found.append(f"{how} {quoted(added[0].name)} over time by {quoted(dates[0].name)}")
    if numbers:
        found.append(f"distribution of {quoted(numbers[-1].name)}")
    found.append(f"missing values in {sheet.address}")
    found.append(f"describe {sheet.address}")
    return found


def _naming(column: Column) -> bool:
    return any(
        w in ("name", "title", "description", "comment", "email", "url", "address") for w in column.stems
    )
