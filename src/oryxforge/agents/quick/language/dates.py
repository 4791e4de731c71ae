"""Phrases that name a time: a day, a month, a quarter, a year, a span, or one counted back from the data's end."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from oryxforge.agents.quick.language.tokens import Token

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sep sept", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = {
    name: number
    for number, names in enumerate(
        ("monday mondays", "tuesday tuesdays", "wednesday wednesdays", "thursday thursdays", "friday fridays",
         "saturday saturdays", "sunday sundays"),
        1,
    )
    for name in names.split()
}  # fmt: skip
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS = {"hour": "hour", "day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"}
BACK = {"ytd": "this year", "today": "this day", "yesterday": "last day"}
QUARTERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "last": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
SINCE, BEFORE, AFTER, UNTIL = ("since",), ("before",), ("after",), ("until", "till", "through")
INTO = ("in", "during", "for", "of", "on", "from", "about", "year", "since", "before", "after", "until", "till",
        "through", "between", "to", "and", "by", "vs", "versus", "than", "or", "only", "with")  # fmt: skip
COMPARED = (
    "over",
    "above",
    "under",
    "below",
    "than",
    "least",
    "most",
    "equals",
    "is",
    "exactly",
    "=",
    ">",
    "<",
    ">=",
    "<=",
)
CLOSE_YEARS = 100
FIRST_YEAR, LAST_YEAR = 1500, 2200
DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")


@dataclass(frozen=True)
class Period:
    """From `start` to before `end`; or a month, quarter or weekday of any year; or `back` units before the data's end."""

    start: date | None = None
    end: date | None = None
    part: str = ""
    number: int = 0
    back: str = ""

    @property
    def years(self) -> tuple[int, int] | None:
        """First and last whole year; None where it is not made of whole years."""
        if (self.start and (self.start.month, self.start.day) != (1, 1)) or (
            self.end and (self.end.month, self.end.day) != (1, 1)
        ):
            return None
        if self.part or self.back or not (self.start or self.end):
            return None
        return (self.start.year if self.start else 0, self.end.year - 1 if self.end else 9999)


Found = tuple[int, Period]


def period_at(tokens: Sequence[Token], at: int) -> Found | None:
    """The period that begins at a token, and where it ends; modifiers (since, before, between) are part of it."""
    word = tokens[at].norm
    if word in (*SINCE, *BEFORE, *AFTER, *UNTIL):
        return _bounded(tokens, at, word)
    if word in ("between", "from"):
        return _between(tokens, at)
    found = _plain(tokens, at)
    if found is None or not _in_context(tokens, at):
        return None
    joined = _reach(tokens, found)
    return joined or found


def _bounded(tokens: Sequence[Token], at: int, word: str) -> Found | None:
    found = _plain(tokens, _skip(tokens, at + 1))
    if found is None or found[1].part or found[1].back:
        return None
    end, period = found
    if word in SINCE:
        return end, Period(start=period.start)
    if word in AFTER:
        return end, Period(start=period.end)
    return end, Period(end=period.start if word in BEFORE else period.end)


def _between(tokens: Sequence[Token], at: int) -> Found | None:
    first = _plain(tokens, _skip(tokens, at + 1))
    if first is None:
        return None
    both = _reach(tokens, first)
    if both:
        return both
    if tokens[at].norm == "from" and first[1].start and _until_now(tokens, first[0]):
        return first[0] + 1, Period(start=first[1].start)
    return first if tokens[at].norm == "from" else None


def _reach(tokens: Sequence[Token], first: Found) -> Found | None:
    """`… to 2022`, `… and March`, `… - Q2` after a first period."""
    end, begun = first
    if end >= len(tokens) or tokens[end].norm not in ("to", "and", "until", "till", "through", "-", "–", "—"):
        return None
    opened = end > 0 and any(t.norm in ("between", "from") for t in tokens[max(0, end - 6) : end])
    if tokens[end].norm == "and" and not opened:
        return None
    second = _plain(tokens, _skip(tokens, end + 1))
    if second is None:
        return None
    last, closed = second
    if begun.part and begun.part == closed.part:
        return None
    if begun.part == "month" and closed.start:
        begun = month(closed.start.year, begun.number)
    if begun.start is None or closed.end is None:
        return None
    return last, Period(begun.start, closed.end)


def _until_now(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].norm in ("onwards", "onward", "on")


def _skip(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].norm in ("the", "year", "of", "end", "start", "beginning"):
        at += 1
    return at


def _in_context(tokens: Sequence[Token], at: int) -> bool:
    """Whether a bare year or a bare word such as `may` stands where a time is meant."""
    token = tokens[at]
    if token.number is None and token.norm not in ("may", "mar", "second", "sun", "sat"):
        return True
    if at + 1 < len(tokens) and tokens[at + 1].norm in MONTHS:
        return True
    if token.kind != "number" and _year(tokens, at + 1):
        return True
    if at + 2 < len(tokens) and tokens[at + 1].norm in ("vs", "versus") and _year(tokens, at + 2):
        return True
    before = tokens[at - 1].norm if at else ""
    if before in ("compare", "comparing") or (_paired(tokens, at) and before not in COMPARED):
        return True
    if token.norm == "may":
        return before in INTO
    return before in INTO or before in ("", "-", ",", "'s") or before in MONTHS or at == len(tokens) - 1


def _paired(tokens: Sequence[Token], at: int) -> bool:
    """`2022 and 2023`."""
    year = _year(tokens, at)
    after = at + 2 < len(tokens) and tokens[at + 1].norm in ("and", "or") and _year(tokens, at + 2)
    return bool(year and after and abs(after - year) <= CLOSE_YEARS)


def _plain(tokens: Sequence[Token], at: int) -> Found | None:
    """A period without a modifier."""
    if at >= len(tokens):
        return None
    for read in (_iso, _relative, _this, _quarter, _day_month, _month, _decade, _year_alone, _weekday):
        found = read(tokens, at)
        if found:
            return found
    return None


def _iso(tokens: Sequence[Token], at: int) -> Found | None:
    if tokens[at].kind != "date":
        return None
    numbers = [int(n) for n in re.findall(r"\d+", tokens[at].text)]
    if not any(FIRST_YEAR <= n <= LAST_YEAR for n in numbers):
        return None
    if len(numbers) == 2:
        return at + 1, month(*numbers)
    year, middle, last = numbers if numbers[0] > 31 else reversed(numbers)
    made = _day(year, middle, last)
    return (at + 1, made) if made else None


def _relative(tokens: Sequence[Token], at: int) -> Found | None:
    """`last 12 months`: counted back from the data's end."""
    if tokens[at].norm not in ("last", "past", "previous", "recent", "latest") or at + 1 >= len(tokens):
        return None
    number = tokens[at + 1].number
    if number is not None and 0 < number < 10_000 and at + 2 < len(tokens):
        unit = UNITS.get(tokens[at + 2].stem)
        return (at + 3, Period(back=f"{int(number)} {unit}")) if unit else None
    unit = UNITS.get(tokens[at + 1].norm)
    if unit is None:
        return None
    if unit == "hour":
        return at + 2, Period(back="1 hour")
    current = tokens[at].norm in ("recent", "latest")
    return at + 2, Period(back=f"{'this' if current else 'last'} {unit}")


def _this(tokens: Sequence[Token], at: int) -> Found | None:
    if tokens[at].norm in ("ytd", "today", "yesterday"):
        return at + 1, Period(back=BACK[tokens[at].norm])
    if (
        tokens[at].norm in ("this", "current")
        and at + 1 < len(tokens)
        and (unit := UNITS.get(tokens[at + 1].norm, "hour")) != "hour"
    ):
        return at + 2, Period(back=f"this {unit}")
    return None


def _quarter(tokens: Sequence[Token], at: int) -> Found | None:
    token = tokens[at]
    if token.kind == "quarter":
        number, end = int(token.text[1]), at + 1
    elif token.norm in QUARTERS and at + 1 < len(tokens) and tokens[at + 1].norm == "quarter":
        number, end = QUARTERS[token.norm], at + 2
    elif (year := _year(tokens, at)) and at + 1 < len(tokens) and tokens[at + 1].kind == "quarter":
        return at + 2, quarter(year, int(tokens[at + 1].text[1]))
    else:
        return None
    after = end + 1 if end < len(tokens) and tokens[end].norm in ("of", "in") else end
    year = _year(tokens, after)
    return (after + 1, quarter(year, number)) if year else (end, Period(part="quarter", number=number))


def _day_month(tokens: Sequence[Token], at: int) -> Found | None:
    """`5 March 2024`, `March 5th, 2024`."""
    first = tokens[at].norm
    second = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    if second in MONTHS and (number := DAY_OF_MONTH.fullmatch(first)):
        named, end = MONTHS[second], at + 2
    elif first in MONTHS and (number := DAY_OF_MONTH.fullmatch(second)):
        named, end = MONTHS[first], at + 2
    else:
        return None
    if end < len(tokens) and tokens[end].norm == ",":
        end += 1
    year = _year(tokens, end)
    made = _day(year, named, int(number[1])) if year else None
    return (end + 1, made) if made else None


def _month(tokens: Sequence[Token], at: int) -> Found | None:
    number = MONTHS.get(tokens[at].norm)
    if number is None:
        return None
    after = at + 2 if at + 1 < len(tokens) and tokens[at + 1].norm in ("of", ",", "in") else at + 1
    year = _year(tokens, after)
    return (after + 1, month(year, number)) if year else (at + 1, Period(part="month", number=number))


def _decade(tokens: Sequence[Token], at: int) -> Found | None:
    found = re.fullmatch(r"(\d{3}0)s", tokens[at].norm)
    return (at + 1, Period(date(int(found[1]), 1, 1), date(int(found[1]) + 10, 1, 1))) if found else None


def _year_alone(tokens: Sequence[Token], at: int) -> Found | None:
    year = _year(tokens, at)
    return (at + 1, Period(date(year, 1, 1), date(year + 1, 1, 1))) if year else None


def _weekday(tokens: Sequence[Token], at: int) -> Found | None:
    word = tokens[at].norm
    if word in ("weekend", "weekends"):
        return at + 1, Period(part="weekend")
    return (at + 1, Period(part="weekday", number=DAYS[word])) if word in DAYS else None


def _year(tokens: Sequence[Token], at: int) -> int | None:
    if at >= len(tokens) or tokens[at].kind != "number" or not re.fullmatch(r"\d{4}", tokens[at].text):
        return None
    year = int(tokens[at].text)
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _day(year: int, number: int, day: int) -> Period | None:
    try:
        start = date(year, number, day)
    except ValueError:
        return None
    return Period(start, start + timedelta(days=1))


def month(year: int, number: int) -> Period:
    start = date(year, number, 1)
    return Period(start, start + timedelta(days=monthrange(year, number)[1]))


def quarter(year: int, number: int) -> Period:
    return Period(month(year, number * 3 - 2).start, month(year, number * 3).end)


def resolved(period: Period, last: date) -> Period:
    """A period counted back, as days, where `last` is the data's last day."""
    count, _, unit = period.back.partition(" ")
    if not period.back or unit == "hour":
        return period
    if count.isdigit():
        end = last + timedelta(days=1)
        return replace(Period(end=end), start=_before(end, int(count), unit))
    current = around(last, unit)
    assert current.start is not None
    return current if count == "this" else around(current.start - timedelta(days=1), unit)


def around(day: date, unit: str) -> Period:
    match unit:
        case "year":
            return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1))
        case "quarter":
            return quarter(day.year, (day.month + 2) // 3)
        case "month":
            return month(day.year, day.month)
        case "week":
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + timedelta(days=7))
        case _:
            return Period(day, day + timedelta(days=1))


def _before(end: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        days = count * (7 if unit == "week" else 1)
        return end - timedelta(days=min(days, (end - date.min).days))
    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    index = max(12, end.year * 12 + end.month - 1 - months)
    year, number = index // 12, index % 12 + 1
    return date(year, number, min(end.day, monthrange(year, number)[1]))
