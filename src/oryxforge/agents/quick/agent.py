"""The built-in analyst: no model, no key."""

from collections.abc import AsyncGenerator, Sequence

from oryxforge.agents.quick.answering import SHOWN, Pieces, answer_reading, keep_table, texts
from oryxforge.agents.quick.followup import chosen, previous
from oryxforge.agents.quick.grammar.draft import CHOICES, Choice
from oryxforge.agents.quick.numerals import plural, several
from oryxforge.agents.quick.schema import Sheet, sheets_of
from oryxforge.agents.quick.sqltext import sql_of
from oryxforge.agents.quick.steps import Step, table_of
from oryxforge.agents.quick.suggest import suggestions
from oryxforge.agents.quick.understand import Reader, Understood
from oryxforge.domain.chats import Piece, PieceKind
from oryxforge.ports.agent import Outcome, Turn
from oryxforge.ports.toolbox import Toolbox

ABOUT = (
    "I am the quick analyst: I work without a language model, from the words of your question, the project's columns and "
    "its values. I can total, average, count, rank and compare by groups, filter, follow a measure over time, show shares, "
    "distributions, correlations, missing values, outliers and duplicates, list rows, and run SQL."
)
LISTED = 12


class QuickAgent:
    """The Agent named `quick`: reads a question by its words, the project's columns and values."""

    name = "quick"

    async def answer(self, turn: Turn, toolbox: Toolbox) -> AsyncGenerator[Piece | Outcome]:
        sql = sql_of(turn.prompt)
        async for piece in _sql(toolbox, sql) if sql else _question(turn, toolbox):
            yield piece
        yield Outcome(0.0)


async def _sql(toolbox: Toolbox, sql: str) -> Pieces:
    """SQL, run as it is."""
    yield Piece(PieceKind.NOTICE, metadata={"code": "reading", "text": "SQL, run as it is."})
    step = Step("run_sql", {"sql": sql})
    yield step.use()
    result = await toolbox.call("run_sql", {"sql": sql, "limit": SHOWN})
    yield step.result(result)
    if not result.ok:
        yield Piece.text(f"I can't run this SQL. {result.text}")
        return
    table = table_of(result.data)
    async for piece in keep_table(toolbox, "SQL result", sql, result, table):
        yield piece
    rows = plural(table.total, "row")
    yield Piece.text(f"The result has {rows} and {plural(len(table.headers), 'column')}.")


async def _question(turn: Turn, toolbox: Toolbox) -> Pieces:
    listed = await toolbox.call("list_sheets", {})
    if not listed.ok:
        yield Piece.text(f"I can't see the project's tables. {listed.text}")
        return
    sheets = sheets_of(listed.data)
    if not sheets:
        yield Piece.text(f"{ABOUT} The project has no table yet: upload a file and import it, then ask.")
        return
    reader = Reader(sheets, toolbox, previous(turn.history))
    understood = await reader.read(chosen(turn.prompt, turn.history), turn.target)
    if understood.reading is not None and understood.view is not None:
        async for piece in answer_reading(toolbox, understood.reading, understood.view, understood.aside):
            yield piece
        return
    for piece in _unanswered(understood, sheets):
        yield piece


def _unanswered(understood: Understood, sheets: Sequence[Sheet]) -> list[Piece]:
    """A list of what there is, a greeting, a question back, or that it can't be answered."""
    doubts = understood.doubts
    if not doubts and understood.intents & {"sheets", "columns"}:
        return _listing(understood, sheets)
    refused = next((d for d in doubts if d.refused), None)
    if refused is not None:
        return [*texts([f"I can't answer this. {refused.text}"]), *_offer(sheets, refused.choices)]
    asked = next((d for d in doubts if len(d.choices) > 1 and not d.word), None)
    if asked is not None and all(d.choices for d in doubts):
        return [*texts(["I am not sure how to read this."]), _ask_back(asked.text, asked.choices)]
    if doubts:
        doubt = next((d for d in doubts if not d.choices or d.word), doubts[0])
        return [*texts([f"I can't answer this. {doubt.text}"]), *_offer(sheets, doubt.choices)]
    if understood.aside:
        words = several([f"“{w[:40]}”" for w in understood.aside[:4]])
        said = f"I can't answer this: I find no column, table or value for {words}."
        return [*texts([said, _inventory(sheets)]), *_offer(sheets)]
    return [*texts([ABOUT, _inventory(sheets)]), *_offer(sheets)]


def _listing(understood: Understood, sheets: Sequence[Sheet]) -> list[Piece]:
    """The tables, or the columns of one."""
    own = [s for s in sheets if not s.derived] or list(sheets)
    one = understood.view.sheet if understood.view and understood.named else None
    if one is None and "columns" in understood.intents and len(own) == 1:
        one = own[0]
    if one is not None:
        title, headers, rows = (
            f"Columns of {one.address}",
            ["column", "type"],
            [[c.name, c.type] for c in one.columns],
        )
        names = several([c.name for c in one.columns[:30]]) + (", …" if len(one.columns) > 30 else "")
        said = (
            f"{one.address} has {plural(one.rows, 'row')} and {plural(len(one.columns), 'column')}: {names}."
        )
    else:
        listed = sorted(sheets, key=lambda s: s.derived)
        title, headers = "Tables", ["table", "rows", "columns"]
        rows = [[s.address, f"{s.rows:,}", ", ".join(c.name for c in s.columns)] for s in listed]
        said = f"There {'is' if len(sheets) == 1 else 'are'} {plural(len(sheets), 'table')}. {_inventory(sheets)}"
    table = {"headers": headers, "types": ["VARCHAR"] * len(headers), "data": rows, "total": len(rows)}
    provenance = {"kind": "tool", "code": "list_sheets", "agent": "quick"}
    artifact = {"type": "table", "title": title, "sheet": None, "table": table, "provenance": provenance}
    return [Piece(PieceKind.ARTIFACT, metadata=artifact), *texts([said]), *_offer(sheets)]


def _inventory(sheets: Sequence[Sheet]) -> str:
    own = [s for s in sheets if not s.derived] or list(sheets)
    parts = [
        f"{s.address} ({plural(s.rows, 'row')}: {', '.join(c.name for c in s.columns[:LISTED])}{', …' if len(s.columns) > LISTED else ''})"
        for s in own[:8]
    ]
    more = f", and {plural(len(own) - 8, 'more table')}" if len(own) > 8 else ""
    return f"The data: {'; '.join(parts)}{more}."


def _offer(sheets: Sequence[Sheet], first: Sequence[Choice] = ()) -> list[Piece]:
    offered = (*first, *suggestions(sheets))[:CHOICES]
    return [_ask_back("You could ask:", offered)] if len(offered) > 1 else []


def _ask_back(text: str, choices: Sequence[Choice]) -> Piece:
    made = [{"label": c.label, "prompt": c.prompt} for c in choices]
    return Piece(PieceKind.QUESTION, metadata={"text": text, "choices": made})
