"""A reading answered: its SQL run, its table and chart kept, its finding told."""

from collections.abc import AsyncGenerator, Mapping

from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.reading import Ask, Reading
from oryxforge.agents.quick.settle import settle
from oryxforge.agents.quick.sql.expressions import Expressions
from oryxforge.agents.quick.sql.statements import statement
from oryxforge.agents.quick.sql.studies import scatter as scatter_sql
from oryxforge.agents.quick.steps import Facts, Step, Table, table_of
from oryxforge.agents.quick.telling.charts import Figure, chart, scatter
from oryxforge.agents.quick.telling.saying import say, title
from oryxforge.agents.quick.telling.words import tell
from oryxforge.domain.chats import Piece, PieceKind
from oryxforge.ports.toolbox import Toolbox, ToolResult

SHOWN, SAVED, POINTS = 1000, 1_000_000, 2000
Pieces = AsyncGenerator[Piece]


def reading_notice(reading: Reading, aside: tuple[str, ...]) -> Piece:
    """How the question was read, for the reader and for the follow-up."""
    left = f" I left aside: {', '.join(f'“{a}”' for a in aside)}." if aside else ""
    payload = {"code": "reading", "text": f"{say(reading)}.{left}", "reading": reading.to_json()}
    return Piece(PieceKind.NOTICE, metadata=payload)


async def answer_reading(toolbox: Toolbox, reading: Reading, view: View, aside: tuple[str, ...]) -> Pieces:
    reading, bins = await settle(reading, view, Facts(toolbox))
    yield reading_notice(reading, aside)
    sql = statement(reading, view, bins)
    step = Step("run_sql", {"sql": sql})
    yield step.use()
    result = await toolbox.call("run_sql", {"sql": sql, "limit": SHOWN})
    yield step.result(result)
    if not result.ok:
        yield Piece.text(f"I can't answer this: the query failed. {result.text}")
        return
    table = table_of(result.data)
    if table.data:
        async for piece in keep_table(toolbox, title(reading), sql, result, table):
            yield piece
        async for piece in _chart(toolbox, reading, view, table, sql):
            yield piece
    for piece in texts(tell(reading, table)):
        yield piece


async def keep_table(toolbox: Toolbox, name: str, sql: str, result: ToolResult, table: Table) -> Pieces:
    """The table as an artifact; where it can't be kept, or is too large for that, it is shown all the same."""
    if table.total <= SAVED:
        saved = await toolbox.call("save_table", {"name": name, "sql": sql})
        if saved.ok:
            for piece in saved.pieces:
                yield piece
            return
    yield _unkept(name, sql, result, table)


def _unkept(name: str, sql: str, result: ToolResult, table: Table) -> Piece:
    shown = {"headers": table.headers, "types": table.types, "data": table.data[:200], "total": table.total}
    provenance = {
        "kind": "sql",
        "code": sql,
        "engine": "duckdb",
        "agent": "quick",
        "duration_ms": result.data.get("duration_ms"),
    }
    return Piece(
        PieceKind.ARTIFACT,
        metadata={"type": "table", "title": name, "sheet": None, "table": shown, "provenance": provenance},
    )


async def _chart(toolbox: Toolbox, reading: Reading, view: View, table: Table, sql: str) -> Pieces:
    figure, drawn = await _figure(toolbox, reading, view, table, sql)
    if figure is None:
        return
    saved = await toolbox.call(
        "save_chart", {"name": f"{title(reading)}, chart", "sql": drawn, "figure": figure}
    )
    if saved.ok:
        for piece in saved.pieces:
            yield piece
        return
    payload: Mapping[str, object] = {
        "type": "chart", "title": title(reading), "sheet": None, "chart": figure,
        "provenance": {"kind": "sql", "code": drawn, "engine": "duckdb", "agent": "quick"},
    }  # fmt: skip
    yield Piece(PieceKind.ARTIFACT, metadata=payload)


async def _figure(
    toolbox: Toolbox, reading: Reading, view: View, table: Table, sql: str
) -> tuple[Figure | None, str]:
    """The figure and the statement whose result it draws."""
    pair = reading.ask is Ask.CORRELATION and len(reading.columns) == 2 and not reading.groups
    if pair and reading.chart != "table":
        points_sql = scatter_sql(reading, view, POINTS)
        points = await toolbox.call("run_sql", {"sql": points_sql, "limit": POINTS})
        found = table_of(points.data) if points.ok else None
        return (scatter(reading, found) if found and found.data else None), points_sql
    e = Expressions(reading, view)
    kinds = [e.column(g.of).kind for g in (*reading.per, *reading.groups)]
    return chart(reading, table, kinds), sql


def texts(sentences: list[str]) -> list[Piece]:
    """One piece a sentence."""
    return [Piece.text(s if at == 0 else f" {s}") for at, s in enumerate(s for s in sentences if s)]
