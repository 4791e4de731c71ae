"""Values found in the data, and columns of yes and no, as conditions."""

from oryxforge.agents.quick.grammar.comparisons import LIGHT
from oryxforge.agents.quick.grammar.draft import CHOICES, Choice, Doubt, Draft, Line, quoted
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.language.lexicon import Role
from oryxforge.agents.quick.reading import Condition, Ref, Scalar
from oryxforge.agents.quick.schema import Kind


def read_values(line: Line, draft: Draft) -> None:
    """Values found in the data, each with the column that holds it; neighbours of one column are one condition."""
    excluded: dict[int, Ref] = {}
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
        negated |= excluded.get(line.before(at, Role.AND, Role.OR)) == ref
        if negated:
            excluded[at] = ref
        line.take(at)
        if line.is_rate(at + 1):
            line.take(at + 1)
            draft.intents.add("share")
        join(draft, at, Condition(ref, "not in" if negated else "in", values))


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
    for place in (line.before(at, Role.BE, Role.IN, Role.NOT), line.after(at)):
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


def join(draft: Draft, at: int, condition: Condition) -> None:
    """Adds a condition; values of one column with `and`, `or` or nothing between are one."""
    same = [n for n, c in enumerate(draft.where) if (c.of, c.op) == (condition.of, condition.op)]
    if same:
        old = draft.where[same[-1]]
        merged = Condition(old.of, old.op, tuple(dict.fromkeys((*old.values, *condition.values))))
        draft.where[same[-1]] = merged
        draft.places[merged] = draft.places.get(old, at)
    else:
        draft.keep(condition, at)


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
        if line.is_rate(at + 1):
            continue
        if binary and not _beside_a_measure(line, at):
            continue
        negated = line.before(at, *LIGHT, Role.BE)
        true = not line.is_free(negated, Role.NOT)
        if not true:
            line.take(negated)
        line.take(at)
        op: tuple[str, tuple[Scalar, ...]] = (
            ("=", (1 if true else 0,)) if binary else ("true" if true else "false", ())
        )
        draft.keep(Condition(field.ref, *op), at)
        if item.text.casefold().endswith("ed"):
            draft.truths.append(draft.where[-1])


def _beside_a_measure(line: Line, at: int) -> bool:
    """Whether something else is measured or counted, so that a number of 0 and 1 is a condition on it."""
    for place, item in enumerate(line.items):
        if item.role is Role.INTENT and item.value in ("share", "rows"):
            return True
        if item.role is Role.INTENT and item.value in (
            "difference",
            "correlation",
            "distribution",
            "describe",
            "missing",
        ):
            return False
        if item.role is Role.AGGREGATE and (item.value == "count" or line.after(place, Role.IN) != at):
            return True
    return line.is_free(line.before(at), Role.WHICH, Role.WITH) or line.is_free(at + 1, Role.SHEET)
