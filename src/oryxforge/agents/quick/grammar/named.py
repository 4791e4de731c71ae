"""Conditions that name their column: its value, or that it is missing."""

from dataclasses import replace

from oryxforge.agents.quick.grammar.comparisons import LIGHT
from oryxforge.agents.quick.grammar.draft import Choice, Doubt, Draft, Line, pick, quoted
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.grammar.percents import percent_said
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.matching import Field
from oryxforge.agents.quick.reading import Condition
from oryxforge.agents.quick.schema import Kind

CLAUSE = (Role.WITH, Role.WHICH, Role.IN, Role.AND, Role.OR)


def read_named_values(line: Line, draft: Draft) -> None:
    """A column followed by its value, with or without `is`: `class is 3`, `month 5`, `status is "open"`."""
    for at, item in line.free(Role.COLUMN):
        right = line.after(at, Role.BE, Role.NOT)
        operand = line.get(right)
        if (
            operand
            and operand.role is Role.IN
            and operand.text.casefold() == "of"
            and line.is_free(line.before(at), *CLAUSE)
        ):
            right = line.after(right)
            operand = line.get(right) if line.is_free(right, Role.NUMBER) else None
        if operand is None or right in line.used:
            continue
        between = [line.items[p] for p in range(at + 1, right)]
        said_be = any(
            i.role is Role.BE or i.text.casefold().startswith(("is", "are", "was")) for i in between
        )
        negated = [p for p in range(at + 1, right) if line.is_free(p, Role.NOT)]
        condition = _named_value(line, draft, at, item, operand, said_be=said_be)
        if condition:
            op = _flipped(condition.op) if negated else condition.op
            said = percent_said(line, right) if operand.role is Role.NUMBER else ""
            draft.keep(replace(condition, op=op, said=said), at)
            line.take(at, right, *negated)


ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip


def read_numbered(line: Line, draft: Draft) -> None:
    """A value just before its column: `8 cylinders`, `3rd class`."""
    for at, item in line.free(Role.NUMBER, Role.WORD, Role.SUPERLATIVE):
        column = line.get(at + 1)
        ordinal = ORDINALS.get(item.text.casefold())
        value = ordinal if ordinal is not None else item.number if item.role is Role.NUMBER else None
        if value is None or column is None or not line.is_free(at + 1, Role.COLUMN) or column.thing:
            continue
        before = line.get(line.before(at))
        ranked = before is not None and (
            before.role in (Role.SUPERLATIVE, Role.COMPARISON) or before.value in ("rows", "show")
        )
        if column.kinds(Kind.NUMBER) and not ranked and (ordinal is None or not column.kinds(Kind.TEXT)):
            field = pick(column, line, draft, Kind.NUMBER)
            if field:
                draft.keep(Condition(field.ref, "=", (value,)), at)
                line.take(at, at + 1)


def _flipped(op: str) -> str:
    return {"in": "not in", "=": "!=", "missing": "present", "present": "missing"}.get(op, f"not {op}")


def _named_value(
    line: Line, draft: Draft, at: int, item: Item, operand: Item, *, said_be: bool
) -> Condition | None:
    clause = said_be or line.is_free(line.before(at), *CLAUSE)
    if (
        operand.number is not None
        and operand.role in (Role.NUMBER, Role.PERIOD)
        and clause
        and item.kinds(Kind.NUMBER)
        and not item.thing
    ):
        field = pick(item, line, draft, Kind.NUMBER)
        told = said_be or line.is_free(line.before(at), Role.WITH, Role.WHICH)
        if field and (field.column.whole or told) and not _top_before(line, at):
            return Condition(field.ref, "=", (operand.number,))
    if operand.role is Role.QUOTED and item.kinds(Kind.TEXT):
        field = pick(item, line, draft, Kind.TEXT)
        if field:
            return Condition(field.ref, "in", (operand.value,))
    if operand.role is Role.INTENT and operand.value in ("missing", "present") and said_be:
        field = pick(item, line, draft)
        return Condition(field.ref, operand.value) if field else None
    return None


def _top_before(line: Line, at: int) -> bool:
    return line.is_free(line.before(at), Role.SUPERLATIVE)


def read_missing(line: Line, draft: Draft) -> None:
    """`with missing age`, `without a discount`: conditions; `missing values by column` stays an intent."""
    for at, item in line.free(Role.INTENT):
        if item.value not in ("missing", "present"):
            continue
        right = line.after(at, Role.IN)
        column = line.get(right)
        clause = line.is_free(line.before(at), *LIGHT) or item.value == "present"
        if clause and column and line.is_free(right, Role.COLUMN):
            field = pick(column, line, draft)
            if field:
                draft.where.append(Condition(field.ref, item.value))
                line.take(at, right)
    for at, _ in line.free(Role.NOT):
        right = line.after(at, Role.IN, *LIGHT)
        column = line.get(right)
        if (
            column
            and line.is_free(right, Role.COLUMN)
            and line.items[at].text.casefold() in ("without", "no")
        ):
            field = pick(column, line, draft)
            if field and field.column.kind is not Kind.TRUTH and column.sure:
                draft.where.append(Condition(field.ref, "missing"))
                line.take(at, right)
            elif field and field.column.kind is Kind.NUMBER and not column.numbers_rows:
                draft.doubts.append(_zero_or_missing(line, draft, at, right, field))
                line.take(at, right)
    for at, _ in line.free(Role.HAVE, Role.WITH):
        _with_a_date(line, draft, at)


def _zero_or_missing(line: Line, draft: Draft, at: int, right: int, field: Field) -> Doubt:
    """`orders without discount`."""
    start, end = line.spans[line.items[at].start][0], line.spans[line.items[right].end - 1][1]
    before, after, of = draft.text[:start], draft.text[end:], quoted(field.column.name)
    made = (
        Choice("it is 0", f"{before}where {of} is 0{after}"),
        Choice("it is missing", f"{before}where {of} is missing{after}"),
    )
    return Doubt(f"Where {field.column.name} is 0, or where it is missing?", made)


def _with_a_date(line: Line, draft: Draft, at: int) -> None:
    """`employees who have a termination date`: where it is known."""
    place = line.after(at)
    item, following = line.get(place), line.get(line.after(place, Role.IN, Role.BE))
    told = following is not None and following.role in (
        Role.PERIOD,
        Role.COMPARISON,
        Role.NUMBER,
        Role.INTENT,
        Role.QUOTED,
    )
    if (
        item is None
        or told
        or not line.is_free(place, Role.COLUMN)
        or not item.sure
        or not item.kinds(Kind.DATE)
    ):
        return
    if line.is_free(line.before(at), Role.AGGREGATE, Role.SUPERLATIVE):
        return
    draft.where.append(Condition(item.kinds(Kind.DATE)[0].field.ref, "present"))
    line.take(at, place)
