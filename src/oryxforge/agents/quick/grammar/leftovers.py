"""Intents, nouns, and the columns that no phrase spoke for."""

from oryxforge.agents.quick.grammar.draft import Choice, Doubt, Draft, Line, pick, quoted
from oryxforge.agents.quick.grammar.items import Item
from oryxforge.agents.quick.language.concepts import concepts_of
from oryxforge.agents.quick.language.lexicon import STEPS, Role
from oryxforge.agents.quick.language.spelling import fold, stem
from oryxforge.agents.quick.matching import Field
from oryxforge.agents.quick.reading import Group, Measure, Ref
from oryxforge.agents.quick.schema import Kind

OPERATORS = {">": "over", ">=": "at least", "<": "under", "<=": "at most"}
STUDIES = frozenset(
    ("correlation", "spearman", "distribution", "outliers", "missing", "duplicates", "describe")
)


def read_intents(line: Line, draft: Draft) -> None:
    for at, item in line.free(Role.INTENT, Role.CHART, Role.DIRECTION, Role.WHICH):
        line.take(at)
        if item.role is Role.INTENT:
            draft.intents.add(item.value)
            draft.step = draft.step or _step(item.text)
            draft.noun |= item.value == "rows"
        elif item.role is Role.CHART:
            draft.chart = item.value
        elif item.role is Role.DIRECTION:
            draft.by_name |= item.value == "name"
            draft.order = item.value if item.value != "name" else draft.order
        elif item.value in ("who", "when"):
            asked = all(i.role in (Role.STOP, Role.AND) for i in line.items[:at])
            draft.who |= item.value == "who" and asked
            draft.intents |= {"when"} if item.value == "when" else set()


def _step(said: str) -> str:
    """The unit of `year over year`, `quarter-on-quarter growth`."""
    words = tuple(said.casefold().replace("-", " ").split())
    return next((unit for step, unit in STEPS.items() if words[: len(step)] == step), "")


def read_verb(line: Line, draft: Draft) -> None:
    """Where the first verb after a share stands: `what percentage of … are …`."""
    begun = next(
        (at for at, i in enumerate(line.items) if i.role is Role.INTENT and i.value == "share"), len(line)
    )
    verbs = (Role.BE, Role.HAVE, Role.WITH)
    told = (at for at, i in enumerate(line.items) if at > begun and (i.role in verbs or i.value == "who"))
    draft.verb = next(told, -1)


def read_nouns(line: Line, draft: Draft) -> None:
    """The sheet named as what its rows are: `orders in Europe`."""
    for at, item in line.free(Role.SHEET):
        if item.value == draft.view.sheet.address and (takings := _takings(draft, item)):
            draft.measures = [Measure(m.how, takings) for m in draft.measures] or [Measure("", takings)]
            line.take(at)
        elif item.value == draft.view.sheet.address:
            draft.noun = draft.sheeted = True
            draft.single = not item.text.casefold().endswith("s")
            line.take(at)


def _narrowed(draft: Draft) -> bool:
    """Whether some rows are asked for, not the different values: `list orders over 300` against `list devices`."""
    return bool(draft.where or draft.measures or draft.groups or draft.limit or draft.sort or draft.order)


def _takings(draft: Draft, item: Item) -> Ref | None:
    """Of a sheet called Sales: `sales by region` are its takings, `how many sales` and `list sales` its rows."""
    named = concepts_of(stem(fold(item.text))) & concepts_of("revenue") and item.text.casefold() != "sale"
    rows = (
        draft.intents & {"rows", "show", "join", *STUDIES}
        or draft.limit
        or draft.absent
        or draft.having
        or draft.extreme
    )
    measured = any(m.of != Ref("") for m in draft.measures)
    found = [
        f.ref
        for f in draft.view.fields
        if f.column.takings and f.column.kind is Kind.NUMBER and not f.ref.joined
    ]
    return found[0] if named and not rows and not measured and len(found) == 1 else None


def read_leftovers(line: Line, draft: Draft) -> None:
    """Columns that no phrase spoke for: numbers are measured, others grouped by; in lists they are shown."""
    listing = draft.intents & {"rows", "show"} and not draft.measures and not draft.groups
    for at, item in line.free(Role.COLUMN, Role.VALUE):
        if at in line.used or not item.matches:
            continue
        if _is_modifier(line, draft, at, item):
            line.take(at)
            continue
        field = pick(item, line, draft)
        line.take(at)
        if field is None:
            continue
        if (
            field.column.identifying
            and not item.sure
            and not draft.intents & STUDIES
            and not (draft.extreme or draft.having or _asked_which(line, at))
        ):
            if (
                draft.intents & {"rows", "show"}
                and field.column.name not in draft.unique
                and not _narrowed(draft)
            ):
                draft.columns.append(field.ref)
                continue
            draft.noun = True
            draft.single |= not item.text.casefold().endswith("s")
            _by_row_or_whole(line, draft, item, field)
        else:
            _leftover(draft, item, field, listing=bool(listing))


def _is_modifier(line: Line, draft: Draft, at: int, item: Item) -> bool:
    """Whether a column's name only tells the next one: the product in `product category`, the order in `order value`."""
    following = line.get(at + 1)
    if following is None or not line.is_free(at + 1, Role.COLUMN):
        return False
    if item.kinds(Kind.NUMBER) and not item.matches[0].field.column.identifying:
        return False
    if following.matches[0].field == item.matches[0].field:
        return False
    if item.kinds(Kind.TEXT) and following.kinds(Kind.TEXT):
        return True
    return not _asked_which(line, at) and (not item.sure or bool(draft.groups))


def _by_row_or_whole(line: Line, draft: Draft, item: Item, field: Field) -> None:
    """`customers with revenue over 2000`: each row's, or all of a customer's?"""
    amounts = [c for c in draft.where if c.op in (">", ">=", "<", "<=") and _adds_up(draft, c.of)]
    if not amounts or field.column.name in draft.unique:
        return
    name, amount = quoted(field.column.name), quoted(amounts[0].of.column)
    limit = f"{OPERATORS[amounts[0].op]} {amounts[0].values[0]:g}"
    draft.doubts.append(
        Doubt(
            f"Is it the {amounts[0].of.column} of one row, or the total of each {field.column.name}?",
            (
                Choice("of one row", draft.replaced(item, line.spans, "rows")),
                Choice("the total", f"{name} with total {amount} {limit}"),
            ),
        )
    )


def _adds_up(draft: Draft, ref: Ref) -> bool:
    column = next((f.column for f in draft.view.fields if f.ref == ref), None)
    return column is not None and not column.intensive


def _asked_which(line: Line, at: int) -> bool:
    before = line.get(line.before(at))
    return before is not None and before.role is Role.WHICH


def _leftover(draft: Draft, item: Item, field: Field, *, listing: bool) -> None:
    column = field.column
    if column.kind is Kind.NUMBER and any(m.of == field.ref for m in draft.measures):
        return
    if (listing and not draft.having) or draft.intents & STUDIES:
        draft.columns.append(field.ref)
    elif any(m.of == Ref("") for m in draft.measures) and column.kind is Kind.NUMBER:
        draft.measures = [Measure(m.how, field.ref) if m.of == Ref("") else m for m in draft.measures]
    elif column.kind is Kind.NUMBER and not column.identifying and any(m.how for m in draft.measures):
        draft.doubts.append(
            Doubt(
                f"I can't tell what “{item.text}” is for: {column.name} is a number, and something else is measured."
            )
        )
    elif column.kind is Kind.NUMBER and not column.identifying:
        draft.measures.append(Measure("", field.ref))
    elif column.kind is Kind.DATE:
        if (
            draft.measures
            and draft.date is None
            and not draft.intents & {"when", "trend", "growth", "cumulative"}
        ):
            draft.aside.append(item.text)
        else:
            draft.columns.append(field.ref)
        draft.date = draft.date or field.ref
    else:
        draft.groups.append(Group(field.ref))
