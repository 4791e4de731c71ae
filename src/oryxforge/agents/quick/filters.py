"""The conditions of a question: comparisons, values, times, missing values, truths."""

from collections.abc import Sequence

from oryxforge.agents.quick.concepts import ADJECTIVES
from oryxforge.agents.quick.dates import Period
from oryxforge.agents.quick.draft import CHOICES, Choice, Doubt, Draft, Line, pick, quoted
from oryxforge.agents.quick.items import Item
from oryxforge.agents.quick.lexicon import Role
from oryxforge.agents.quick.matching import Field
from oryxforge.agents.quick.reading import Condition, Having, Measure, Ref, Scalar
from oryxforge.agents.quick.schema import Kind

TEXT_OPS = ("contains", "starts", "ends", "named")
LIGHT = (Role.BE, Role.HAVE, Role.WITH)
ADJECTIVAL = {"old": "old", "costs": "expensive", "heavy": "heavy", "tall": "tall"}
NEGATED = {"=": "!=", "!=": "=", ">": "<=", ">=": "<", "<": ">=", "<=": ">"}
CLAUSE = (Role.WITH, Role.WHICH, Role.IN, Role.AND, Role.OR)


def read_comparisons(line: Line, draft: Draft) -> None:
    for at, item in line.free(Role.COMPARISON):
        if item.value in TEXT_OPS:
            _text_comparison(line, draft, at, item)
        elif item.value == "between":
            _between(line, draft, at)
        else:
            _comparison(line, draft, at, item)


def _text_comparison(line: Line, draft: Draft, at: int, item: Item) -> None:
    right = line.after(at)
    operand = line.get(right)
    if operand is None or operand.role in (Role.STOP, Role.AND, Role.BY):
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
    if item is None or left in line.used or not item.kinds(*kinds):
        return at, None
    field = pick(item, line, draft, *kinds)
    line.take(left)
    return left, field


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
            draft.where.append(Condition(condition.of, op, condition.values))
            return
    draft.where.append(condition)


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
    _take_negation(line, draft, at, left, Condition(field.ref, "between", (low, high)))


def _comparison(line: Line, draft: Draft, at: int, item: Item) -> None:
    right = line.after(at, Role.BE)
    operand = line.get(right)
    if operand is None or right in line.used:
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
    unit = line.after(right)
    if line.is_free(unit, Role.GRAIN) and not line.items[unit].sure:
        line.take(unit)
    if adjective:
        field = _by_adjective(draft, ADJECTIVAL[adjective])
        if field is not None:
            draft.where.append(Condition(field.ref, op, (number,)))
            return
    before = _place_left(line, at)
    if _having(line, draft, before, at, right, op, number):
        return
    left, field = _left(line, draft, at, Kind.NUMBER)
    if field is None:
        left, field = at, _right(line, draft, right)
    if field is None:
        _unnamed(line, draft, at)
        return
    _take_negation(line, draft, at, left, Condition(field.ref, op, (number,)))


def _right(line: Line, draft: Draft, right: int) -> Field | None:
    """The column just after: `more than 100 units`."""
    place = line.after(right, Role.IN)
    item = line.get(place)
    if item is None or place in line.used or not item.kinds(Kind.NUMBER):
        return None
    line.take(place)
    return pick(item, line, draft, Kind.NUMBER)


def _having(line: Line, draft: Draft, before: int, at: int, right: int, op: str, number: float) -> bool:
    """A condition on a group's measure: `with an average salary over 100`, `with more than 5 orders`."""
    column = line.get(before)
    aggregate = line.before(before)
    if column and line.is_free(before, Role.COLUMN) and line.is_free(aggregate, Role.AGGREGATE):
        how = line.items[aggregate].value
        if how in ("sum", "mean", "median", "min", "max", "distinct") and _clause(line, aggregate):
            field = pick(column, line, draft, *((Kind.NUMBER,) if how != "distinct" else ()))
            if field is not None:
                line.take(before, aggregate)
                draft.having.append(Having(Measure(how, field.ref), op, number))
                return True
    noun = line.after(right)
    if (_clause(line, at) and line.is_free(noun, Role.SHEET)) or _counted(line, noun):
        line.take(noun)
        draft.having.append(Having(Measure("count"), op, number))
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
    """A comparison that names no column."""
    numeric = [
        f.column.name for f in draft.view.fields if f.column.kind is Kind.NUMBER and not f.column.identifying
    ]
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


def read_named_values(line: Line, draft: Draft) -> None:
    """A column followed by its value, with or without `is`: `class is 3`, `month 5`, `status is "open"`."""
    for at, item in line.free(Role.COLUMN):
        right = line.after(at, Role.BE, Role.NOT)
        operand = line.get(right)
        if operand is None or right in line.used:
            continue
        between = [line.items[p] for p in range(at + 1, right)]
        said_be = any(
            i.role is Role.BE or i.text.casefold().startswith(("is", "are", "was")) for i in between
        )
        negated = [p for p in range(at + 1, right) if line.is_free(p, Role.NOT)]
        condition = _named_value(line, draft, at, item, operand, said_be=said_be)
        if condition:
            draft.where.append(
                Condition(condition.of, _flipped(condition.op) if negated else condition.op, condition.values)
            )
            line.take(at, right, *negated)


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
    ):
        field = pick(item, line, draft, Kind.NUMBER)
        if field and (field.column.whole or said_be) and not _top_before(line, at):
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


def read_values(line: Line, draft: Draft) -> None:
    """Values found in the data, each with the column that holds it; neighbours of one column are one condition."""
    for at, item in line.free(Role.VALUE):
        if _meant_as_measure(line, at, item):
            continue
        refs = _columns_of(line, draft, at, item)
        if refs is None:
            line.take(at)
            continue
        ref, values = refs
        negation = line.before(at, Role.IN, *LIGHT, Role.BE)
        negated = line.is_free(negation, Role.NOT)
        if negated:
            line.take(negation)
        line.take(at)
        _join(draft, Condition(ref, "not in" if negated else "in", values))


def _meant_as_measure(line: Line, at: int, item: Item) -> bool:
    """`total sales`, where Sales is also a value."""
    before = line.before(at, Role.IN)
    return (
        bool(item.kinds(Kind.NUMBER))
        and line.is_free(before, Role.AGGREGATE)
        and line.items[before].value != "count"
    )


def _columns_of(line: Line, draft: Draft, at: int, item: Item) -> tuple[Ref, tuple[Scalar, ...]] | None:
    by_ref: dict[Ref, list[str]] = {}
    for hit in item.hits:
        ref = Ref(hit.column, hit.sheet != draft.view.sheet.address)
        if any(f.ref == ref for f in draft.view.fields):
            by_ref.setdefault(ref, []).append(hit.value)
    beside = _beside(line, at, by_ref)
    if beside is not None:
        return beside, tuple(dict.fromkeys(by_ref[beside]))
    own = [r for r in by_ref if not r.joined] or list(by_ref)
    if len(own) == 1:
        values = tuple(dict.fromkeys(by_ref[own[0]]))
        exact = any(h.exact for h in item.hits)
        if len(values) > 1 and not exact:
            draft.doubts.append(_which_value(line, draft, item, [(own[0], v) for v in values]))
            return None
        return own[0], values
    draft.doubts.append(
        _which_value(line, draft, item, [(r, v) for r in own for v in dict.fromkeys(by_ref[r])])
    )
    return None


def _beside(line: Line, at: int, by_ref: dict[Ref, list[str]]) -> Ref | None:
    """The column named just before or after the value: `region North`, `the North region`."""
    for place in (line.before(at, Role.BE, Role.IN), line.after(at)):
        item = line.get(place)
        if item is None or not line.is_free(place, Role.COLUMN) or line.is_free(line.before(place), Role.BY):
            continue
        found = next((m.field.ref for m in item.matches if m.field.ref in by_ref), None)
        if found is not None:
            line.take(place)
            return found
    return None


def _which_value(line: Line, draft: Draft, item: Item, options: list[tuple[Ref, str]]) -> Doubt:
    choices = tuple(
        Choice(f"{r.column} {v}", draft.replaced(item, line.spans, f"{quoted(r.column)} = {_single(v)}"))
        for r, v in options[:CHOICES]
    )
    return Doubt(f"“{item.text}” may be any of these. Which one do you mean?", choices)


def _single(value: str) -> str:
    return f"'{value}'" if "'" not in value else quoted(value)


def _join(draft: Draft, condition: Condition) -> None:
    """Adds a condition; values of one column with `and`, `or` or nothing between are one."""
    same = [n for n, c in enumerate(draft.where) if (c.of, c.op) == (condition.of, condition.op)]
    if same:
        old = draft.where[same[-1]]
        merged = tuple(dict.fromkeys((*old.values, *condition.values)))
        draft.where[same[-1]] = Condition(old.of, old.op, merged)
    else:
        draft.where.append(condition)


def read_truths(line: Line, draft: Draft) -> None:
    """Columns of yes and no, where they are not grouped by: `active customers`, `not returned`."""
    for at, item in line.free(Role.COLUMN):
        field = item.matches[0].field
        binary = field.column.name in draft.binary and not field.ref.joined
        if field.column.kind is not Kind.TRUTH and not binary:
            continue
        before = line.before(at, Role.IN, Role.AND)
        if line.is_free(before, Role.BY, Role.AGGREGATE) and line.items[before].value != "count":
            continue
        after = line.get(at + 1)
        if after is not None and after.role is Role.AGGREGATE and after.value == "rate":
            continue
        if binary and not _counting(draft, line):
            continue
        negated = line.before(at, *LIGHT, Role.BE)
        true = not line.is_free(negated, Role.NOT)
        if not true:
            line.take(negated)
        line.take(at)
        op: tuple[str, tuple[Scalar, ...]] = (
            ("=", (1 if true else 0,)) if binary else ("true" if true else "false", ())
        )
        draft.where.append(Condition(field.ref, *op))


def _counting(draft: Draft, line: Line) -> bool:
    counts = any(i.role is Role.AGGREGATE and i.value == "count" for i in line.items)
    return (
        counts
        or "share" in draft.intents
        or any(i.role is Role.INTENT and i.value == "share" for i in line.items)
    )


def read_periods(line: Line, draft: Draft) -> None:
    spans: dict[Ref, list[Scalar]] = {}
    for at, item in line.free(Role.PERIOD):
        before = line.before(at, Role.IN, Role.BE)
        beside = line.get(before)
        ref = None
        if beside and line.is_free(before, Role.COLUMN) and (named := beside.kinds(Kind.DATE)):
            ref = named[0].field.ref
            line.take(before)
        negation = line.before(at, Role.IN, Role.BE)
        negated = line.is_free(negation, Role.NOT)
        conditions = _period_conditions(line, draft, at, item, ref)
        if not conditions:
            continue
        line.take(at)
        if negated:
            line.take(negation)
            draft.where.append(_excluded(conditions))
        elif len(conditions) == 2:
            spans.setdefault(conditions[0].of, []).extend(v for c in conditions for v in c.values)
        else:
            _join(draft, conditions[0])
    for ref, ends in spans.items():
        draft.where += [Condition(ref, "spans" if len(ends) > 2 else "span", tuple(ends))]


def _excluded(conditions: list[Condition]) -> Condition:
    """The opposite; of a span from one day to another, as one condition."""
    if len(conditions) == 2:
        return Condition(conditions[0].of, "not span", (*conditions[0].values, *conditions[1].values))
    return Condition(conditions[0].of, f"not {conditions[0].op}", conditions[0].values)


def _period_conditions(line: Line, draft: Draft, at: int, item: Item, ref: Ref | None) -> list[Condition]:
    period = item.period or Period()
    ref = ref or date_column(line, draft, at)
    if ref is not None:
        return as_conditions(ref, period)
    years = [f for f in draft.view.fields if f.column.is_year]
    if period.years and years:
        first, last = period.years
        return [
            Condition(years[0].ref, "between", (first, last))
            if first != last
            else Condition(years[0].ref, "=", (first,))
        ]
    return []


def as_conditions(ref: Ref, period: Period) -> list[Condition]:
    if period.back:
        return [Condition(ref, "back", (period.back,))]
    if period.part:
        return [Condition(ref, period.part, (period.number,) if period.number else ())]
    found: list[Condition] = []
    if period.start:
        found.append(Condition(ref, "since", (period.start.isoformat(),)))
    if period.end:
        found.append(Condition(ref, "until", (period.end.isoformat(),)))
    return found


def date_column(line: Line, draft: Draft, at: int) -> Ref | None:
    """The column of times that a question without a name for it means: the only one, or one it names elsewhere."""
    if draft.date is not None:
        return draft.date
    dates = [f for f in draft.view.fields if f.column.kind is Kind.DATE]
    own = [f for f in dates if not f.ref.joined] or dates
    named = [(n, i.kinds(Kind.DATE)[0].field) for n, i in line.free(Role.COLUMN) if i.kinds(Kind.DATE)]
    if named and len(own) > 1:
        place, field = named[0]
        if not line.is_free(line.before(place), Role.BY, Role.AGGREGATE):
            line.take(place)
        draft.date = field.ref
        return field.ref
    if len(own) == 1:
        draft.date = own[0].ref
    elif len(own) > 1:
        item = line.items[at]
        said = "when" if item.role is not Role.PERIOD else item.text
        prompts = [f"{draft.text.rstrip(' ?.!')} using {quoted(f.column.name)}" for f in own[:CHOICES]]
        choices = tuple(Choice(f.column.name, p) for f, p in zip(own, prompts, strict=False))
        draft.doubts.append(Doubt(f"There are several dates. Which one does “{said}” mean?", choices))
        draft.date = own[0].ref
    return draft.date
