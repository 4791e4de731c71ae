"""Tools that leave something behind: a table, chart or report in Exploration, tied to its code and data."""

from collections.abc import Mapping

from oryxforge.domain.chats import Piece, PieceKind
from oryxforge.ports.toolbox import ToolResult, ToolSpec
from oryxforge.services.artifacts import Origin, Saved
from oryxforge.tools import fence
from oryxforge.tools.arguments import text
from oryxforge.tools.catalogue import Context, Tool

REPORT_HEAD = 2000


async def save_table(context: Context, arguments: Mapping[str, object]) -> ToolResult:
    place = context.place
    saved = await context.artifacts.save_table(
        place.actor, place.project_id, _origin(context), text(arguments, "name"), text(arguments, "sql")
    )
    head = saved.head
    table = {"headers": head.headers, "types": head.types, "data": head.data, "total": head.total}
    shown = f"Saved as {saved.sheet.address}.\n{fence.table(head.headers, head.data, head.total)}"
    return ToolResult(True, shown, _data(saved), [_piece(saved, {"table": table})])


async def save_chart(context: Context, arguments: Mapping[str, object]) -> ToolResult:
    place = context.place
    figure = arguments["figure"]
    assert isinstance(figure, dict)
    saved = await context.artifacts.save_chart(
        place.actor,
        place.project_id,
        _origin(context),
        text(arguments, "name"),
        text(arguments, "sql"),
        figure,
    )
    return ToolResult(
        True,
        f"Saved as {saved.sheet.address}; the user sees it.",
        _data(saved),
        [_piece(saved, {"chart": figure})],
    )


async def save_report(context: Context, arguments: Mapping[str, object]) -> ToolResult:
    place = context.place
    markdown = text(arguments, "markdown")
    saved = await context.artifacts.save_report(
        place.actor, place.project_id, _origin(context), text(arguments, "name"), markdown
    )
    return ToolResult(
        True,
        f"Saved as {saved.sheet.address}; the user sees it.",
        _data(saved),
        [_piece(saved, {"text": markdown[:REPORT_HEAD]})],
    )


def _origin(context: Context) -> Origin:
    place = context.place
    return Origin(place.agent, place.chat_id, place.fence)


def _data(saved: Saved) -> dict[str, object]:
    return {"sheet": saved.sheet.address, "datasheet_id": str(saved.sheet.id)}


def _piece(saved: Saved, shown: Mapping[str, object]) -> Piece:
    return Piece(
        PieceKind.ARTIFACT,
        metadata={
            "type": saved.sheet.type.value,
            "title": saved.sheet.name,
            **_data(saved),
            **shown,
            "provenance": saved.provenance.to_json(),
        },
    )


TOOLS = (
    Tool(
        ToolSpec(
            "save_table",
            "Saves the whole result of a SQL statement as a table of the dataset Exploration and shows it to the user. "
            "Use it for the result that answers the question.",
            {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "description": "A title of two to four words"},
                    "sql": {"type": "string"},
                },
                "required": ["name", "sql"],
            },
        ),
        save_table,
    ),
    Tool(
        ToolSpec(
            "save_chart",
            "Shows a Plotly figure to the user and keeps it in Exploration. Put the values from a query's result into "
            "the figure's data; give a title and axis titles with units; set no colours.",
            {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "description": "A title of two to four words"},
                    "sql": {"type": "string", "description": "The statement whose result is drawn"},
                    "figure": {"type": "object", "description": "{data: [...], layout: {...}}"},
                },
                "required": ["name", "sql", "figure"],
            },
        ),
        save_chart,
    ),
    Tool(
        ToolSpec(
            "save_report",
            "Keeps a Markdown document as a report in Exploration and shows it to the user. Use it where an answer is "
            "longer than a few paragraphs or is asked for as a report. Begin with a heading, use headings for parts; a "
            "line `![title](sheet:dataset.Sheet)` shows a saved table or chart there.",
            {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "description": "A title of two to six words"},
                    "markdown": {"type": "string"},
                },
                "required": ["name", "markdown"],
            },
        ),
        save_report,
    ),
)
