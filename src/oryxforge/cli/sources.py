"""`oryxforge sources`."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.progress import Progress

from oryxforge.cli.client import Client, JsonObject
from oryxforge.cli.door import Door, ProjectOption, command
from oryxforge.cli.errors import Usage
from oryxforge.cli.finding import find_source, items
from oryxforge.cli.lazy import new_group
from oryxforge.domain.errors import Failed, NotFound

LOOK_EVERY_S = 0.3
SOURCES = "Sources"

app = new_group("Uploaded files: upload, preview, import.")

Source = Annotated[str, typer.Argument(help="Its file name or id.")]
Delimiter = Annotated[str | None, typer.Option(help="Between columns; found out where it is not given.")]
Encoding = Annotated[str | None, typer.Option(help="Such as latin-1; found out where it is not given.")]
HeaderRow = Annotated[int | None, typer.Option(help="Row of the headers, from 0; -1: there is none.")]
Decimal = Annotated[str | None, typer.Option(help="The decimal sign.")]


@command(app, "list")
def list_sources(door: Door, project: ProjectOption = None) -> None:
    """List a project's files."""
    found = items(door.client.get("/sources", project_id=door.project_id(project)), "sources")
    rows = (
        found
        if door.out.as_json
        else [{**s, "status": cast("JsonObject", s["status"])["flag"]} for s in found]
    )
    door.out.rows(rows, ("name", "type", "size_bytes", "status", "id"), "There is no file yet.")


@command(app)
def upload(
    door: Door,
    files: Annotated[list[Path], typer.Argument(help="CSV, Excel, Parquet or JSON files.")],
    project: ProjectOption = None,
) -> None:
    """Upload files."""
    project_id = door.project_id(project)
    made: list[JsonObject] = []
    with door.out.progress() as progress:
        for path in files:
            made.append(_upload(door.client, project_id, path, progress))
    for source in made if not door.out.as_json else []:
        door.out.done(f"Uploaded {source['name']} ({source['id']}).")
    if door.out.as_json:
        door.out.json(made[0] if len(made) == 1 else made)


@command(app)
def preview(
    door: Door,
    source: Source,
    project: ProjectOption = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    header_row: HeaderRow = None,
    decimal: Decimal = None,
    rows: Annotated[int, typer.Option("--rows", min=1, max=100)] = 10,
) -> None:
    """Show the first rows of every sheet of a file."""
    project_id = door.project_id(project)
    load = _load(delimiter, encoding, header_row, decimal)
    found = _preview(door.client, project_id, find_source(door.client, project_id, source), load)
    if door.out.as_json:
        door.out.json(found)
        return
    for name, sheet in found.items():
        door.out.done(f"{name}:")
        data = cast("list[list[object]]", sheet["data"])
        door.out.table(cast("list[str]", sheet["headers"]), data[:rows])


@command(app, "import")
def import_source(
    door: Door,
    source: Source,
    dataset: Annotated[str, typer.Option(help="Made where there is none of that name.")] = SOURCES,
    sheet: Annotated[
        list[str] | None, typer.Option(help="A sheet of the file, or `sheet=name`; all where none is given.")
    ] = None,
    project: ProjectOption = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    header_row: HeaderRow = None,
    decimal: Decimal = None,
) -> None:
    """Import sheets of an uploaded file into a dataset."""
    client, project_id = door.client, door.project_id(project)
    found = find_source(client, project_id, source)
    load = _load(delimiter, encoding, header_row, decimal)
    previews = _preview(client, project_id, found, load)
    selected = selected_sheets(list(previews), sheet, str(found["name"]))
    body: dict[str, object] = {
        "project_id": project_id,
        "data_source_id": found["id"],
        "settings_load": load,
        "settings_save": {
            "createNewDataset": not _has_dataset(client, project_id, dataset),
            "datasetName": dataset,
            "selectedSheets": selected if sheet else with_content(selected, previews),
        },
    }
    job = client.post("/files/import", body, {"Prefer": "respond-async"})
    with door.out.progress() as progress:
        result = _finished(client, job, progress)
    door.out.done(str(result["message"]), result)


@command(app)
def delete(
    door: Door,
    source: Source,
    project: ProjectOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Delete an uploaded file; sheets that were imported from it stay."""
    project_id = door.project_id(project)
    found = find_source(door.client, project_id, source)
    door.confirm(f"Delete the file {found['name']}?", yes)
    door.client.call("DELETE", f"/sources/{found['id']}", query={"project_id": project_id})
    door.out.done(f"Deleted the file {found['name']}.", found)


def _upload(client: Client, project_id: str, path: Path, progress: Progress) -> JsonObject:
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", code="file_not_found")
    with path.open("rb") as file:
        told = progress.wrap_file(file, total=path.stat().st_size, description=path.name)
        return client.upload("/files/upload", {"project_id": project_id}, told, path.name)


def _load(
    delimiter: str | None, encoding: str | None, header_row: int | None, decimal: str | None
) -> dict[str, object]:
    given = {"delimiter": delimiter, "encoding": encoding, "header_row": header_row, "decimal": decimal}
    return {name: value for name, value in given.items() if value is not None}


def _preview(
    client: Client, project_id: str, source: JsonObject, load: dict[str, object]
) -> dict[str, JsonObject]:
    body: dict[str, object] = {
        "project_id": project_id,
        "data_source_id": source["id"],
        "settings_load": load,
    }
    return cast("dict[str, JsonObject]", client.post("/files/preview", body))


def _has_dataset(client: Client, project_id: str, named: str) -> bool:
    found = items(client.post("/datasets/list", {"project_id": project_id}), "datasets")
    return any(named.casefold() in (str(d["name"]).casefold(), d["name_python"]) for d in found)


def with_content(selected: dict[str, str], previews: Mapping[str, JsonObject]) -> dict[str, str]:
    """The sheets with columns; all of them where none has any, so that the import says why."""
    return {name: target for name, target in selected.items() if previews[name]["headers"]} or selected


def selected_sheets(known: Sequence[str], asked: Sequence[str] | None, file_name: str) -> dict[str, str]:
    """The file's sheets by name, each with the name that it gets; a file's only sheet is called as the file."""
    default = {name: file_name if len(known) == 1 else name for name in known}
    if not asked:
        return default
    chosen: dict[str, str] = {}
    for one in asked:
        name, _, target = one.partition("=")
        if name not in default and one in default:
            name, target = one, ""
        if name not in default and len(known) == 1 and not target:
            name, target = known[0], one
        if name not in default:
            raise Usage(f"The file has no sheet {name!r}; it has {', '.join(map(repr, known))}.")
        chosen[name] = target or default[name]
    return chosen


def _finished(client: Client, job: JsonObject, progress: Progress) -> JsonObject:
    """A job's result; the job is cancelled where the person gives up. Raises what it failed with."""
    task = progress.add_task("import", total=None)
    try:
        while job["status"] in ("queued", "running"):
            time.sleep(LOOK_EVERY_S)
            job = client.get(f"/jobs/{job['id']}")
            now = cast("dict[str, object]", job["progress"])
            progress.update(
                task,
                description=f"{now.get('stage', 'waits')} {now.get('sheet', '')}".strip(),
                total=cast("float | None", now.get("bytes_total") or None),
                completed=cast("float", now.get("bytes") or 0),
            )
    except KeyboardInterrupt:
        client.post(f"/jobs/{job['id']}/cancel", {})
        raise
    if job["status"] != "completed":
        error = cast("JsonObject", job["error"] or {})
        detail = str(error.get("detail") or "The import was cancelled.")
        raise Failed(detail, code=str(error.get("code") or "import_cancelled"))
    return cast("JsonObject", job["result"])
