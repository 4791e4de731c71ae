"""`oryxforge data`."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import typer

from oryxforge.cli.client import JsonObject
from oryxforge.cli.door import Door, ProjectOption, command
from oryxforge.cli.errors import Usage
from oryxforge.cli.export import format_of, save
from oryxforge.cli.finding import find_sheet
from oryxforge.cli.lazy import new_group
from oryxforge.domain.errors import NotFound
from oryxforge.domain.exports import FileFormat

OPERATORS = {"!=": "ne", ">=": "gte", "<=": "lte", "=": "eq", ">": "gt", "<": "lt", "~": "contains"}
ADDRESS = re.compile(r"\w+\.\w+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

app = new_group("Rows of sheets: head, query, export.")

Sheet = Annotated[str, typer.Argument(help="`dataset.Sheet`, or its id.")]
Sort = Annotated[list[str] | None, typer.Option(help="A column; with - before it, from high to low.")]
Where = Annotated[
    list[str] | None,
    typer.Option(help="A condition such as region=North, amount>=10, name~bean (contains), note=null."),
]
Version = Annotated[
    int | None, typer.Option(min=1, max=2**31 - 1, help="An older version. [default: the current one]")
]
Search = Annotated[str | None, typer.Option(help="A text in any column.")]


@command(app)
def head(
    door: Door,
    sheet: Sheet,
    rows: Annotated[int, typer.Option(min=1, max=1000)] = 10,
    project: ProjectOption = None,
) -> None:
    """Show the first rows of a sheet."""
    project_id = door.project_id(project)
    address = _address(door, project_id, sheet)
    found = door.client.post("/data/load-dataframe", {"project_id": project_id, "name_python": address})
    data = cast("list[list[object]]", found["data"])[:rows]
    if door.out.as_json:
        door.out.json({"headers": found["headers"], "data": data})
    else:
        door.out.table(cast("list[str]", found["headers"]), data)


@command(app)
def query(
    door: Door,
    sheet: Sheet,
    sort: Sort = None,
    where: Where = None,
    search: Search = None,
    version: Version = None,
    offset: Annotated[int, typer.Option(min=0)] = 0,
    limit: Annotated[int, typer.Option(min=0, max=10_000)] = 100,
    project: ProjectOption = None,
) -> None:
    """Show rows of a sheet, sorted and filtered."""
    body = _body(door, sheet, sort, where, search, version, project)
    found = door.client.post("/data/query", {**body, "offset": offset, "limit": limit})
    if door.out.as_json:
        door.out.json(found)
        return
    data = cast("list[list[object]]", found["data"])
    door.out.table(cast("list[str]", found["headers"]), data)
    door.out.note(f"{len(data):,} of {found['total']:,} rows")


@command(app)
def export(
    door: Door,
    sheet: Sheet,
    file: Annotated[Path, typer.Argument(help="Its ending says the format: .csv, .xlsx or .parquet.")],
    format: Annotated[FileFormat | None, typer.Option(help="Whatever the file's ending.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Only this column; several in this order. [default: all]")
    ] = None,
    sort: Sort = None,
    where: Where = None,
    search: Search = None,
    version: Version = None,
    project: ProjectOption = None,
) -> None:
    """Save all rows of a sheet, sorted and filtered, as CSV, Excel or Parquet.

    A file that is there is replaced, once the new one is whole. In CSV an apostrophe stands before texts that a
    spreadsheet would run as formulas; Parquet has values as they are.
    """
    asked: JsonObject = {"format": format or format_of(file), "columns": column or None}
    asked |= _body(door, sheet, sort, where, search, version, project)
    with door.out.progress() as progress:
        saved = save(door.client, asked, file, progress)
    door.out.done(f"Wrote {saved['rows']:,} rows to {file}.", {"file": str(file), **saved})


def _body(
    door: Door,
    sheet: str,
    sort: Sequence[str] | None,
    where: Sequence[str] | None,
    search: str | None,
    version: int | None,
    project: str | None,
) -> JsonObject:
    project_id = door.project_id(project)
    return {
        "project_id": project_id,
        "name_python": _address(door, project_id, sheet),
        "sort": [{"column": s.removeprefix("-"), "descending": s.startswith("-")} for s in sort or ()],
        "filter": [parse_condition(w) for w in where or ()],
        "search": search,
        "version": version,
    }


def _address(door: Door, project_id: str, sheet: str) -> str:
    """Raises Usage for what is no sheet's name and can be no address or id either, NotFound for one that is not there."""
    try:
        return str(find_sheet(door.client, project_id, sheet)["address"])
    except NotFound as error:
        if error.code == "sheet_not_found" and not ADDRESS.fullmatch(sheet):
            raise Usage(
                f"{error.detail} A sheet is named `dataset.Sheet`.", code="address_malformed"
            ) from error
        raise


def parse_condition(text: str) -> JsonObject:
    """A condition as it is typed. Raises Invalid."""
    at = min((text.find(sign) for sign in OPERATORS if sign in text), default=-1)
    sign = next((s for s in OPERATORS if at >= 0 and text.startswith(s, at)), None)
    if sign is None or at == 0:
        raise Usage(f"{text!r} is no condition. Write one such as region=North or amount>=10.")
    column, value = text[:at].strip(), text[at + len(sign) :].strip()
    operator = OPERATORS[sign]
    if value.lower() == "null" and operator in ("eq", "ne"):
        return {"column": column, "op": "is_null" if operator == "eq" else "not_null"}
    return {"column": column, "op": operator, "value": value}
