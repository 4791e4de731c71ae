"""Comparisons of a column with numbers, days and texts, and conditions on what a group comes to."""

from collections.abc import Sequence
from dataclasses import replace

from oryxforge.agents.quick.grammar.draft import CHOICES, Choice, Doubt, Draft, Line, pick, quoted
from oryxforge.agents.quick.grammar.drafted import numbers
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.grammar.percents import WORDS, percent_said
from oryxforge.agents.quick.language.concepts import ADJECTIVES
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.language.spelling import word_set
from oryxforge.agents.quick.matching import Field
from oryxforge.agents.quick.reading import Condition, Having, Measure, Ref
from oryxforge.agents.quick.schema import Kind

TEXT_OPS = ("contains", "starts", "ends", "named")


LIGHT = (Role.BE, Role.HAVE, Role.WITH)


ADJECTIVAL = {"old": "old", "costs": "expensive", "heavy": "heavy", "tall": "tall"}


UNITS = word_set(
    "minutes minute seconds second hours hour days day kg kilograms kilos grams g km kilometers kilometres miles meters "
    "metres m cm mm dollars dollar usd euros euro eur pounds gbp lbs degrees celsius fahrenheit percent points mph kmh units"
)
NEGATED = {"=": "!=", "!=": "=", ">": "<=", ">=": "<", "<": ">=", "<=": ">"}


def read_comparisons(line: Line, draft: Draft) -> None:
    for at, item in line.free(Role.COMPARISON):
        if item.value in TEXT_OPS:
            _text_comparison(line, draft, at, item)
        elif item.value.startswith("post"):
            _postfix(line, draft, at, item.value[4:])
        elif _of_groups(line, at):
            draft.intents.add("difference")
            line.take(at)
        elif item.value == "between":
            _between(line, draft, at)
        else:
            _comparison(line, draft, at, item)


def _text_comparison(line: Line, draft: Draft, at: int, item: Item) -> None:
    right = at + 1
    operand = line.get(right)
    if operand is None or operand.role in (Role.AND, Role.BY):
        return
    value = operand.value if operand.role is Role.QUOTED else operand.text
    left, field = _left(line, draft, at, Kind.TEXT)
    op = item.value
    if op == "named":
        said = field if field and "name" in field.column.stems else None
        op, field = "contains", said or _naming(draft) or field
        if operand.hits:
            line.take(at)
            return
    if field is None:
        texts = draft.view.sheet.of_kind(Kind.TEXT)
        if len(texts) != 1:
            draft.doubts.append(
                _insert(line, draft, item, [c.name for c in texts], f"Which column {item.text} “{value}”?")
            )
            line.take(at, right)
            return
        ref = Ref(texts[0].name)
    else:
        ref = field.ref
    _take_negation(line, draft, at, left, Condition(ref, op, (value,)))
    line.take(at, right)


def _naming(draft: Draft) -> Field | None:
    texts = [f for f in draft.view.fields if f.column.kind is Kind.TEXT]
    return next((f for f in texts if "name" in f.column.stems), None)


def _left(line: Line, draft: Draft, at: int, *kinds: Kind) -> tuple[int, Field | None]:
    """The column just before, and where it is."""
    left = _place_left(line, at)
    item = line.get(left)
    if item is None or left in line.used or not item.kinds(*kinds) or _no_amount(item, kinds):
        return at, None
    field = pick(item, line, draft, *kinds)
    line.take(left)
    return left, field


def _no_amount(item: Item, kinds: Sequence[Kind]) -> bool:
    """`orders over 300`: no order numbers."""
    return Kind.NUMBER in kinds and item.numbers_rows


def _place_left(line: Line, at: int) -> int:
    """Where a comparison's column stands, over `is`, `has`, `not` and the `of` in `an amount of at least`."""
    left = line.before(at, *LIGHT, Role.NOT)
    item = line.get(left)
    return line.before(left) if item and item.role is Role.IN and item.text.casefold() == "of" else left


def _take_negation(line: Line, draft: Draft, at: int, left: int, condition: Condition) -> None:
    """Adds the condition, negated where a `not` stands just before the comparison or the column."""
    for place in (line.before(at, *LIGHT), line.before(left, *LIGHT, Role.IN)):
        if line.is_free(place, Role.NOT):
            line.take(place)
            op = NEGATED.get(condition.op) or f"not {condition.op}"
            draft.keep(replace(condition, op=op), at)
            return
    draft.keep(condition, at)


def _of_groups(line: Line, at: int) -> bool:
    """`is the average in the North higher than in the South`: two groups compared."""
    values = [n for n, i in enumerate(line.items) if i.role is Role.VALUE]
    return (
        line.items[at].value in (">", "<")
        and line.after(at, Role.IN) in values
        and any(n < at for n in values)
    )


def _postfix(line: Line, draft: Draft, at: int, op: str) -> None:
    """`discount of 0.05 or more`."""
    place = line.before(at)
    place = line.before(place) if (unit := line.get(place)) and unit.text.casefold() in WORDS else place
    number = line.get(place)
    if number is None or number.number is None or not line.is_free(place, Role.NUMBER, Role.PERIOD):
        return
    line.take(at, place)
    said = percent_said(line, place)
    left, field = _left(line, draft, place, Kind.NUMBER)
    if field is None:
        left, field = place, _right(line, draft, at)
    if field is None:
        _unnamed(line, draft, at)
        return
    _take_negation(line, draft, place, left, Condition(field.ref, op, (number.number,), said))


def _between(line: Line, draft: Draft, at: int) -> None:
    first = line.after(at)
    joint = line.after(first)
    second = line.after(joint)
    ends = [line.get(first), line.get(second)]
    if not all(e is not None and e.role is Role.NUMBER for e in ends) or not line.is_free(
        joint, Role.AND, Role.IN
    ):
        line.take(at)
        return
    left, field = _left(line, draft, at, Kind.NUMBER)
    line.take(at, first, joint, second)
    if field is None:
        _unnamed(line, draft, at)
        return
    low, high = sorted(float(e.number or 0) for e in ends if e)
    said = percent_said(line, second)
    _take_negation(line, draft, at, left, Condition(field.ref, "between", (low, high), said))


def _comparison(line: Line, draft: Draft, at: int, item: Item) -> None:
    right = line.after(at, Role.BE)
    operand = line.get(right)
    if operand is None or right in line.used:
        return
    if (
        operand.role is Role.AGGREGATE
        and operand.value in ("mean", "median")
        and item.value.endswith((">", "<"))
    ):
        _than_typical(line, draft, at, right)
        return
    adjective, op = ("", item.value) if item.value in NEGATED else (item.value[:-1], item.value[-1])
    if operand.number is not None and operand.role in (Role.NUMBER, Role.PERIOD, Role.WORD):
        if operand.role is Role.PERIOD and _dated_left(line, draft, at, op, operand, right):
            return
        _numeric(line, draft, at, right, op, adjective)
    elif operand.role is Role.PERIOD:
        _dated_left(line, draft, at, op, operand, right)
    elif op in ("=", "!="):
        _equality(line, draft, at, right, op)


def _than_typical(line: Line, draft: Draft, at: int, right: int) -> None:
    """`with an amount above average`, `more than the average salary`: than that of all rows."""
    how = line.items[right].value
    said = line.items[at].value
    op = f"{'above' if said.endswith('>') else 'below'} {how}"
    line.take(at, right)
    left, field = at, _by_adjective(draft, ADJECTIVAL[said[:-1]]) if said[:-1] else _right(line, draft, right)
    if field is None:
        left, field = _left(line, draft, at, Kind.NUMBER)
    if field is None:
        _unnamed(line, draft, at)
        return
    _take_negation(line, draft, at, left, Condition(field.ref, op))


def _dated_left(line: Line, draft: Draft, at: int, op: str, operand: Item, right: int) -> bool:
    left, field = _left(line, draft, at, Kind.DATE)
    if field is None or operand.period is None or operand.period.part or operand.period.back:
        return False
    start, end = operand.period.start, operand.period.end
    since = {">": end, ">=": start, "=": start}.get(op)
    until = {"<": start, "<=": end, "=": end}.get(op)
    draft.where += [Condition(field.ref, "since", (since.isoformat(),))] if since else []
    draft.where += [Condition(field.ref, "until", (until.isoformat(),))] if until else []
    line.take(at, right, left)
    return True


def _numeric(line: Line, draft: Draft, at: int, right: int, op: str, adjective: str) -> None:
    number = line.items[right].number or 0.0
    line.take(at, right)
    said = percent_said(line, right)
    right += bool(said and not line.items[right].text.endswith("%"))
    unit = line.after(right)
    if _is_unit(line, unit):
        line.take(unit)
    if adjective:
        field = _by_adjective(draft, ADJECTIVAL[adjective])
        if field is not None:
            draft.where.append(Condition(field.ref, op, (number,)))
            return
    before = _place_left(line, at)
    if _having(line, draft, before, at, right, Having(Measure("count"), op, number, said)):
        return
    left, field = _left(line, draft, at, Kind.NUMBER)
    if field is None:
        left, field = at, _right(line, draft, right)
    if field is None:
        _unnamed(line, draft, at)
        return
    _take_negation(line, draft, at, left, Condition(field.ref, op, (number,), said))


def _is_unit(line: Line, at: int) -> bool:
    """`over 30 years`, `under 5 minutes`."""
    item = line.get(at)
    if item is None or at in line.used or item.sure:
        return False
    return item.role is Role.GRAIN or (item.role is Role.WORD and item.text.casefold() in UNITS)


def _right(line: Line, draft: Draft, right: int) -> Field | None:
    """The column just after: `more than 100 units`."""
    place = line.after(right, Role.IN)
    item = line.get(place)
    if item is None or place in line.used or not item.kinds(Kind.NUMBER) or item.numbers_rows:
        return None
    line.take(place)
    return pick(item, line, draft, Kind.NUMBER)


def _having(line: Line, draft: Draft, before: int, at: int, right: int, limit: Having) -> bool:
    """A condition on a group's measure: `with an average salary over 100`, `with more than 5 orders`."""
    column = line.get(before)
    aggregate = line.before(before)
    if column and line.is_free(before, Role.COLUMN) and line.is_free(aggregate, Role.AGGREGATE):
        how = line.items[aggregate].value
        if how in ("sum", "mean", "median", "min", "max", "distinct") and _clause(line, aggregate):
            field = pick(column, line, draft, *((Kind.NUMBER,) if how != "distinct" else ()))
            if field is not None:
                line.take(before, aggregate)
                draft.having.append(replace(limit, measure=Measure(how, field.ref)))
                return True
    noun = line.after(right)
    things = line.is_free(noun, Role.SHEET) or (line.is_free(noun, Role.COLUMN) and line.items[noun].thing)
    if (_clause(line, at) and things) or _counted(line, noun):
        line.take(noun)
        draft.having.append(limit)
        return True
    return False


def _counted(line: Line, at: int) -> bool:
    return line.is_free(at, Role.INTENT) and line.items[at].value == "rows"


def _clause(line: Line, at: int) -> bool:
    """Whether a `with`, `have` or `where` stands just before."""
    return line.is_free(line.before(at), *LIGHT, Role.WHICH) or line.is_free(at - 1, Role.WITH, Role.HAVE)


def _by_adjective(draft: Draft, adjective: str) -> Field | None:
    words = ADJECTIVES[adjective]
    return next(
        (f for w in words for f in draft.view.fields if f.column.kind is Kind.NUMBER and w in f.column.stems),
        None,
    )


def _unnamed(line: Line, draft: Draft, at: int) -> None:
    """A comparison that names no column, or one of texts."""
    item = line.get(_place_left(line, at))
    if item and item.sure and item.kinds(Kind.TEXT) and line.is_free(_place_left(line, at), Role.COLUMN):
        line.take(_place_left(line, at))
        named = item.kinds(Kind.TEXT)[0].field.column.name
        said = (
            f"{named} holds texts, not numbers, so I can't compare it with one. Import it as numbers first."
        )
        draft.doubts.append(Doubt(said, refused=True))
        return
    numeric = [f.column.name for f in numbers(draft)]
    said = line.items[at].text
    draft.doubts.append(_insert(line, draft, line.items[at], numeric, f"Which column is meant by “{said}”?"))


def _insert(line: Line, draft: Draft, item: Item, names: Sequence[str], text: str) -> Doubt:
    at = line.spans[item.start][0]
    made = [f"{draft.text[:at]}{quoted(n)} {draft.text[at:]}" for n in names[:CHOICES]]
    return Doubt(text, tuple(Choice(n, p) for n, p in zip(names, made, strict=False)))


def _equality(line: Line, draft: Draft, at: int, right: int, op: str) -> None:
    """`region = North`, `"city" = 'New York'`."""
    left = line.before(at, *LIGHT, Role.NOT)
    item, operand = line.get(left), line.items[right]
    if item is None or left in line.used or not item.matches:
        return
    field = pick(item, line, draft)
    if field is None:
        return
    values = [h.value for h in operand.hits if h.column == field.column.name]
    if not values and operand.role in (Role.QUOTED, Role.COLUMN, Role.WORD, Role.VALUE):
        values = [operand.value if operand.role is Role.QUOTED else operand.text]
    if field.column.kind is Kind.TRUTH and values[:1]:
        truth = values[0].casefold() in ("true", "yes", "1")
        draft.where.append(Condition(field.ref, "true" if truth == (op == "=") else "false"))
    elif field.column.kind is Kind.TEXT and values:
        _take_negation(
            line, draft, at, left, Condition(field.ref, "in" if op == "=" else "not in", tuple(values))
        )
    else:
        return
    line.take(at, left, right)
