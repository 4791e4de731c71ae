"""Things by what a person calls them: a name, an address or an id."""

from collections.abc import Sequence
from typing import cast

from oryxforge.cli.client import Client, JsonObject
from oryxforge.cli.errors import Usage
from oryxforge.domain.errors import NotFound


def find_project(client: Client, named: str | None) -> JsonObject:
    """By name or id; without either, the only one. Raises NotFound."""
    projects = items(client.get("/projects"), "projects")
    if named is not None:
        return pick(projects, named, ("id", "name"), "project", "oryxforge projects list")
    if len(projects) == 1:
        return projects[0]
    names = ", ".join(str(p["name"]) for p in projects)
    raise Usage(
        f"Say which project with --project: {names}."
        if projects
        else "There is no project yet. Make one: oryxforge projects create NAME",
        code="project_not_given",
    )


def find_dataset(client: Client, project_id: str, named: str) -> JsonObject:
    found = items(client.post("/datasets/list", {"project_id": project_id}), "datasets")
    return pick(found, named, ("id", "name_python", "name"), "dataset", "oryxforge datasets list")


def find_sheet(client: Client, project_id: str, named: str) -> JsonObject:
    """By `dataset.Sheet`, id, or a name that only one sheet has."""
    found = items(client.get("/sheets", project_id=project_id), "sheets")
    keys = ("id", "address", "name_python", "name")
    return pick(found, named, keys, "sheet", "oryxforge sheets list")


def find_source(client: Client, project_id: str, named: str) -> JsonObject:
    """By id or file name; of several of one name the newest."""
    found = items(client.get("/sources", project_id=project_id), "sources")
    newest_first = sorted(found, key=lambda s: str(s["created_at"]), reverse=True)
    return pick(newest_first, named, ("id", "name"), "file", "oryxforge sources list", first=True)


def items(answer: JsonObject, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", answer[name])


def pick(
    found: Sequence[JsonObject],
    named: str,
    keys: Sequence[str],
    kind: str,
    listed_by: str,
    *,
    first: bool = False,
) -> JsonObject:
    """The one that is so named by the first of the keys that names any. Raises NotFound."""
    for key in keys:
        matching = [f for f in found if str(f[key]).casefold() == named.casefold()]
        if len(matching) == 1 or (matching and first):
            return matching[0]
        if matching:
            ids = ", ".join(str(m.get("address") or m["id"]) for m in matching)
            raise NotFound(
                f"Several are called {named!r}: {ids}. Name one of these.", code=f"{kind}_ambiguous"
            )
    raise NotFound(
        f"There is no {kind} {named!r}. `{listed_by}` shows what there is.", code=f"{kind}_not_found"
    )
