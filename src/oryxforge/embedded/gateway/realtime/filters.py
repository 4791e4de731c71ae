"""Filters of a subscription, `column=op.value` joined by commas: parsed, and as SQL over printed values."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from oryxforge.embedded.gateway.realtime.catalog import Column, Table

IN_MOST = 100
COMPARED = {
    "eq": "=",
    "neq": "<>",
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
    "isdistinct": "is distinct from",
}
MATCHED = {"like": "like", "ilike": "ilike", "match": "~", "imatch": "~*"}
IS = frozenset({"null", "true", "false", "unknown"})
_CONDITION = re.compile(r"([^=]+)=(not\.)?([a-z]+)\.(.*)", re.S)


class BadFilter(Exception):
    """A filter that can't be served; `str()` says why."""


@dataclass(frozen=True)
class Condition:
    """`values` holds one value, or those of `in`."""

    column: Column
    operator: str
    negated: bool
    values: tuple[str, ...]

    @property
    def indexable(self) -> bool:
        return self.operator == "eq" and not self.negated and self.column.equal_as_printed

    def sql(self, value: str, parameter: int) -> str:
        """The condition on `value` (an SQL expression of text), with its own values as the parameter of that number."""
        column = self.column
        typed = f"{value}::{column.sql_type}"
        if self.operator in COMPARED:
            said = f"{typed} {COMPARED[self.operator]} {self.given(parameter)}"
        elif self.operator in MATCHED:
            said = f"{typed}::text {MATCHED[self.operator]} {self.given(parameter)}"
        elif self.operator == "in":
            said = f"{typed} = any ({self.given(parameter)})"
        else:
            said = f"{typed} is {self.values[0]} and {self.given(parameter)} is not null"
        return f"not ({said})" if self.negated else f"({said})"

    def given(self, parameter: int) -> str:
        """Its own values as SQL."""
        if self.operator in COMPARED:
            return f"${parameter}::text::{self.column.sql_type}"
        if self.operator == "in":
            return f"${parameter}::text[]::{self.column.sql_type}[]"
        return f"${parameter}::text"

    @property
    def argument(self) -> str | list[str]:
        return list(self.values) if self.operator == "in" else self.values[0]


QUICK_S = 0.05
# A busy machine makes a few answers slow, a costly pattern all of them.
TRUSTED, TRUSTED_MOST, SLOW_COSTS = 3, 12, 3
PAYERS_MOST = 10_000
Payer = tuple[str, str]


@dataclass(eq=False)
class Filter:
    """Conditions that only Postgres decides, one for all who ask the same of a table.

    What it costs depends on rows, and each payer sees others: how quick it was, and whether it is refused, is kept by payer.
    """

    table: int
    conditions: tuple[Condition, ...]
    trust: dict[Payer, int] = field(default_factory=dict[Payer, int])
    refused: dict[Payer, float] = field(default_factory=dict[Payer, float])

    @cached_property
    def has_pattern(self) -> bool:
        """Patterns can be made to take for ever, so trust in them is earned."""
        return has_pattern(self.conditions)

    def is_trusted(self, payer: Payer) -> bool:
        return self._trust(payer) >= TRUSTED

    def took(self, seconds: float, payer: Payer) -> None:
        """What an answer took makes it more or less trusted."""
        trust = self._trust(payer) + (1 if seconds <= QUICK_S else -SLOW_COSTS)
        if len(self.trust) >= PAYERS_MOST:
            self.trust.clear()
        self.trust[payer] = min(TRUSTED_MOST, max(0, trust))

    def _trust(self, payer: Payer) -> int:
        return self.trust.get(payer, 0 if self.has_pattern else TRUSTED_MOST)

    def is_refused(self, payer: Payer) -> bool:
        """Whether it took too long some moments ago."""
        return self.refused.get(payer, 0.0) > time.monotonic()


def has_pattern(conditions: Sequence[Condition]) -> bool:
    """Whether one of them can be made to take for ever."""
    return any(c.operator in MATCHED for c in conditions)


def parse(text: str, table: Table) -> tuple[Condition, ...]:
    """Raises BadFilter."""
    conditions = tuple(_condition(part, table) for part in split(text) if part)
    if not conditions:
        raise BadFilter(f"the filter {text!r} says nothing")
    return conditions


def split(text: str) -> list[str]:
    """At commas that stand neither in double quotes nor in parentheses; a backslash in quotes takes its next sign along."""
    parts, depth, quoted, start, at = list[str](), 0, False, 0, 0
    while at < len(text):
        sign = text[at]
        if quoted and sign == "\\":
            at += 1
        elif sign == '"':
            quoted = not quoted
        elif not quoted and sign in "()":
            depth += 1 if sign == "(" else -1
        elif not quoted and depth == 0 and sign == ",":
            parts.append(text[start:at])
            start = at + 1
        at += 1
    parts.append(text[start:])
    return [p.strip() for p in parts]


def _condition(text: str, table: Table) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise BadFilter(f"the filter {text!r} is not of the form column=operator.value")
    name, negated, operator, value = found[1], found[2] is not None, found[3], found[4]
    column = table.by_name.get(name)
    if column is None:
        raise BadFilter(f"invalid column for filter {name}")
    return Condition(column, operator, negated, _values(operator, value))


def _values(operator: str, value: str) -> tuple[str, ...]:
    if operator == "in":
        if not (value.startswith("(") and value.endswith(")")):
            raise BadFilter("the filter in wants its values in parentheses: in.(a,b)")
        values = tuple(_unquoted(v) for v in split(value[1:-1]))
        if len(values) > IN_MOST:
            raise BadFilter(f"the filter in takes at most {IN_MOST} values")
        return values
    if operator == "is":
        if value.lower() not in IS:
            raise BadFilter("the filter is takes null, true, false or unknown")
        return (value.lower(),)
    if operator not in COMPARED and operator not in MATCHED:
        raise BadFilter(f"there is no filter {operator}")
    said = _unquoted(value)
    if operator in ("like", "ilike") and (len(said) - len(said.rstrip("\\"))) % 2:
        # Postgres finds that out only at some rows.
        raise BadFilter("a pattern must not end with a backslash that escapes nothing")
    return (said,)


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
