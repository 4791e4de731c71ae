"""The SQL tool."""

from collections.abc import Mapping

from oryxforge.ports.toolbox import ToolResult, ToolSpec
from oryxforge.tools import fence
from oryxforge.tools.arguments import number, text
from oryxforge.tools.catalogue import Context, Tool


async def run_sql(context: Context, arguments: Mapping[str, object]) -> ToolResult:
    place = context.place
    answered = await context.analysis.run_sql(
        place.actor, place.project_id, text(arguments, "sql"), number(arguments, "limit", 1000, 10_000)
    )
    result = answered.result
    data: dict[str, object] = {
        "headers": result.headers,
        "types": result.types,
        "data": result.data,
        "total": result.total,
        "duration_ms": result.duration_ms,
        "tables": list(result.tables),
    }
    return ToolResult(True, fence.table(result.headers, result.data, result.total), data)


TOOLS = (
    Tool(
        ToolSpec(
            "run_sql",
            "Runs one read-only DuckDB SQL statement over the project's tables, each named dataset.Sheet, and returns "
            "its first rows. Example: select region, sum(amount) from sales.Orders group by all order by 2 desc",
            {
                "type": "object",
                "properties": {
                    "sql": {"type": "string"},
                    "limit": {"type": "integer", "description": "Rows to return, 1000 unless told"},
                },
                "required": ["sql"],
            },
        ),
        run_sql,
    ),
)
