"""`oryxforge sheets`."""

from typing import Annotated

import typer

from oryxforge.cli.door import Door, ProjectOption, command
from oryxforge.cli.finding import find_dataset, find_sheet, items
from oryxforge.cli.lazy import new_group

app = new_group("Sheets: tables, charts, reports and their versions.")

Sheet = Annotated[str, typer.Argument(help="`dataset.Sheet`, or its id.")]


@command(app, "list")
def list_sheets(
    door: Door,
    project: ProjectOption = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="Those that can be brought back.")] = False,
) -> None:
    """List a project's sheets."""
    asked = {"deleted": "true"} if deleted else {}
    found = items(door.client.get("/sheets", project_id=door.project_id(project), **asked), "sheets")
    if deleted:
        door.out.rows(found, ("address", "type", "rows", "kept_until", "id"), "Nothing is deleted.")
        return
    door.out.rows(found, ("address", "type", "rows", "version", "id"), "There is no sheet yet.")


@command(app)
def show(door: Door, sheet: Sheet, project: ProjectOption = None) -> None:
    """Show a sheet and its columns."""
    found = find_sheet(door.client, door.project_id(project), sheet)
    if door.out.as_json:
        door.out.json(found)
        return
    shown = ("address", "name", "type", "rows", "version", "id", "created_at")
    door.out.value({name: found[name] for name in shown})
    door.out.rows(items(found, "columns"), ("name", "type"), "It has no columns.")


@command(app)
def rename(
    door: Door, sheet: Sheet, name: Annotated[str, typer.Argument()], project: ProjectOption = None
) -> None:
    """Give a sheet another name."""
    found = find_sheet(door.client, door.project_id(project), sheet)
    renamed = door.client.call("PATCH", f"/sheets/{found['id']}", {"name": name})
    door.out.done(f"The sheet is called {renamed['name']} ({renamed['address']}) now.", renamed)


@command(app)
def move(
    door: Door,
    sheet: Sheet,
    dataset: Annotated[str, typer.Argument(help="Name or id of another dataset of the project.")],
    project: ProjectOption = None,
) -> None:
    """Put a sheet into another dataset."""
    project_id = door.project_id(project)
    found = find_sheet(door.client, project_id, sheet)
    target = find_dataset(door.client, project_id, dataset)
    moved = door.client.call("PATCH", f"/sheets/{found['id']}", {"dataset_id": target["id"]})
    door.out.done(f"{found['address']} is {moved['address']} now.", moved)


@command(app)
def delete(
    door: Door,
    sheet: Sheet,
    project: ProjectOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y")] = False,
) -> None:
    """Delete a sheet; `sheets restore ID` brings it back within 30 days."""
    found = find_sheet(door.client, door.project_id(project), sheet)
    door.confirm(f"Delete the sheet {found['address']}?", yes)
    door.client.call("DELETE", f"/sheets/{found['id']}")
    door.out.done(
        f"Deleted {found['address']}. Bring it back with: oryxforge sheets restore {found['id']}", found
    )


@command(app)
def versions(door: Door, sheet: Sheet, project: ProjectOption = None) -> None:
    """List a sheet's versions."""
    found = find_sheet(door.client, door.project_id(project), sheet)
    listed = items(door.client.get(f"/sheets/{found['id']}/versions"), "versions")
    door.out.rows(listed, ("number", "rows", "size_bytes", "created_at"), "It has no version.")


@command(app)
def restore(
    door: Door,
    sheet: Annotated[str, typer.Argument(help="`dataset.Sheet` or id; of a deleted sheet its id.")],
    version: Annotated[int | None, typer.Option("--version", min=1, help="Go to this version.")] = None,
    project: ProjectOption = None,
) -> None:
    """Bring back a deleted sheet, or go to another version of one."""
    if version is None:
        restored = door.client.post(f"/sheets/{sheet}/restore", {})
    else:
        found = find_sheet(door.client, door.project_id(project), sheet)
        restored = door.client.post(f"/sheets/{found['id']}/versions/{version}/restore", {})
    door.out.done(f"{restored['address']} is at version {restored['version']}.", restored)
