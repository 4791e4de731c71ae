"""`oryxforge datasets`."""

from typing import Annotated

import typer

from oryxforge.cli.door import Door, ProjectOption, command
from oryxforge.cli.finding import find_dataset, items
from oryxforge.cli.lazy import new_group

app = new_group("Datasets of a project.")

Dataset = Annotated[str, typer.Argument(help="Its name or id.")]
Name = Annotated[str, typer.Argument(help="The new name.")]


@command(app, "list")
def list_datasets(
    door: Door,
    project: ProjectOption = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="Those that can be brought back.")] = False,
) -> None:
    """List a project's datasets."""
    asked = {"deleted": "true"} if deleted else {}
    found = items(door.client.get("/datasets", project_id=door.project_id(project), **asked), "datasets")
    if deleted:
        door.out.rows(found, ("name", "name_python", "kept_until", "id"), "Nothing is deleted.")
        return
    door.out.rows(found, ("name", "name_python", "id", "created_at"), "There is no dataset yet.")


@command(app)
def show(door: Door, dataset: Dataset, project: ProjectOption = None) -> None:
    """List the sheets of a dataset."""
    found = find_dataset(door.client, door.project_id(project), dataset)
    sheets = items(door.client.get(f"/datasets/{found['id']}/sheets"), "sheets")
    door.out.rows(sheets, ("address", "type", "rows", "version", "id"), f"{found['name']} has no sheet yet.")


@command(app)
def create(door: Door, name: Name, project: ProjectOption = None) -> None:
    """Make a dataset."""
    made = door.client.post("/datasets/create", {"project_id": door.project_id(project), "name": name})
    door.out.done(f"Made the dataset {made['name']} ({made['name_python']}).", made)


@command(app)
def rename(door: Door, dataset: Dataset, name: Name, project: ProjectOption = None) -> None:
    """Give a dataset another name."""
    found = find_dataset(door.client, door.project_id(project), dataset)
    renamed = door.client.call("PATCH", f"/datasets/{found['id']}", {"name": name})
    door.out.done(f"The dataset is called {renamed['name']} ({renamed['name_python']}) now.", renamed)


@command(app)
def delete(
    door: Door,
    dataset: Dataset,
    project: ProjectOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y")] = False,
) -> None:
    """Delete a dataset and its sheets; `datasets restore ID` brings them back within 30 days."""
    found = find_dataset(door.client, door.project_id(project), dataset)
    door.confirm(f"Delete the dataset {found['name']} with its sheets?", yes)
    door.client.call("DELETE", f"/datasets/{found['id']}")
    door.out.done(
        f"Deleted the dataset {found['name']}. Bring it back with: oryxforge datasets restore {found['id']}",
        found,
    )


@command(app)
def restore(door: Door, dataset: Annotated[str, typer.Argument(help="Its id.")]) -> None:
    """Bring back a deleted dataset and the sheets that were deleted with it."""
    restored = door.client.post(f"/datasets/{dataset}/restore", {})
    door.out.done(f"The dataset {restored['name']} is back.", restored)
