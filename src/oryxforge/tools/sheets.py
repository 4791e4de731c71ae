"""Tools over sheets: what is there and what it holds."""

from collections.abc import Mapping

from oryxforge.domain.sheets import Sheet
from oryxforge.ports.engine import ColumnProfile
from oryxforge.ports.toolbox import ToolResult, ToolSpec
from oryxforge.tools import fence
from oryxforge.tools.arguments import text, texts
from oryxforge.tools.catalogue import Context, Tool


async def list_sheets(context: Context, _: Mapping[str, object]) -> ToolResult:
    place = context.place
    tables = await context.analysis.tables(place.actor, place.project_id)
    lines = [
        f"{s.address} ({s.rows} rows): " + ", ".join(f"{c.name} {c.type}" for c in s.columns) for s in tables
    ]
    shown = (
        fence.fenced("\n".join(lines))
        if lines
        else "The project has no tables yet; a file must be imported first."
    )
    return ToolResult(True, shown, {"sheets": [_sheet(s) for s in tables]})


async def describe_sheet(context: Context, arguments: Mapping[str, object]) -> ToolResult:
    place = context.place
    found = await context.analysis.describe(place.actor, place.project_id, text(arguments, "sheet"))
    headers = ["column", "type", "missing", "distinct", "min", "max", "mean", "most frequent"]
    rows = [
        [c.name, c.type, c.missing, c.distinct, c.minimum, c.maximum, c.mean, [list(t) for t in c.top[:5]]]
        for c in found.columns
    ]
    shown = (
        f"{found.sheet.address}: {found.sheet.rows} rows. Columns:\n{fence.table(headers, rows, len(rows))}\n"
        f"Sample:\n{fence.table(found.sample.headers, found.sample.data, len(found.sample.data))}"
    )
    data: dict[str, object] = {
        "sheet": found.sheet.address,
        "rows": found.sheet.rows,
        "columns": [_profile(c) for c in found.columns],
        "sample": {"headers": found.sample.headers, "data": found.sample.data},
    }
    return ToolResult(True, shown, data)


async def find_values(context: Context, arguments: Mapping[str, object]) -> ToolResult:
    place = context.place
    hits = await context.analysis.find_values(
        place.actor, place.project_id, texts(arguments, "words") or [], texts(arguments, "sheets")
    )
    rows: list[list[object]] = [[h.sheet, h.column, h.value, h.word] for h in hits]
    data = {"hits": [{"sheet": h.sheet, "column": h.column, "value": h.value, "word": h.word} for h in hits]}
    return ToolResult(True, fence.table(["sheet", "column", "value", "word"], rows, len(rows)), data)


def _sheet(sheet: Sheet) -> dict[str, object]:
    return {
        "sheet": sheet.address,
        "name": sheet.name,
        "dataset": sheet.dataset_name_python,
        "rows": sheet.rows,
        "columns": [{"name": c.name, "type": c.type} for c in sheet.columns],
    }


def _profile(column: ColumnProfile) -> dict[str, object]:
    return {
        "name": column.name,
        "type": column.type,
        "missing": column.missing,
        "distinct": column.distinct,
        "min": column.minimum,
        "max": column.maximum,
        "mean": column.mean,
        "top": [list(t) for t in column.top],
    }


TOOLS = (
    Tool(
        ToolSpec(
            "list_sheets",
            "Lists the project's tables: their names (dataset.Sheet), row counts, columns and types. Call it first.",
            {"type": "object", "properties": {}, "required": []},
        ),
        list_sheets,
    ),
    Tool(
        ToolSpec(
            "describe_sheet",
            "Profiles one table: for each column its type, missing and distinct counts, extremes, mean and most "
            "frequent values, and five sample rows.",
            {
                "type": "object",
                "properties": {
                    "sheet": {"type": "string", "description": "The table's name, as dataset.Sheet"}
                },
                "required": ["sheet"],
            },
        ),
        describe_sheet,
    ),
    Tool(
        ToolSpec(
            "find_values",
            "Finds which text columns hold a value that a word of the question names, so that filters are spelled as "
            "the data spells them.",
            {
                "type": "object",
                "properties": {
                    "words": {"type": "array", "items": {"type": "string"}},
                    "sheets": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["words"],
            },
        ),
        find_values,
    ),
)
