"""Every route as a stranger, a viewer, an editor and the owner; and with another's `user_id`."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from integration.api.conftest import Team
from integration.api.test_path import CSV, import_body, upload

ROLES = ("stranger", "viewer", "editor", "owner")


@dataclass
class Place:
    """Ids that a route's path and body may name."""

    team: Team
    ids: dict[str, str]

    def fill(self, template: Any) -> Any:
        if isinstance(template, str):
            return template.format(**self.ids)
        if isinstance(template, dict):
            return {self.fill(k): self.fill(v) for k, v in template.items()}
        return template


@pytest.fixture
async def place(team: Team) -> AsyncGenerator[Place]:
    owner = team.owner.client
    source = await upload(owner, team.project, "orders.csv", CSV)
    imported = await owner.post("/files/import", json=import_body(team.project, source, {"data": "Orders"}))
    job = await owner.post(
        "/files/import",
        json=import_body(team.project, source, {"data": "More"}, createNewDataset=False),
        headers={"Prefer": "respond-async"},
    )
    chat = await owner.post("/chat/query", json={"project_id": team.project, "prompt": "hi"})
    ids = {
        "project": team.project,
        "source": source,
        "dataset": imported.json()["dataset_id"],
        "sheet": imported.json()["datasheet_ids"]["Orders"],
        "job": job.json()["id"],
        "chat": chat.json()["chat_id"],
        "viewer_email": team.viewer.email,
        "editor_email": team.editor.email,
        "new": uuid4().hex[:8],
    }
    yield Place(team, ids)


READ = {"stranger": 404, "viewer": 200, "editor": 200, "owner": 200}
NAMED = {"project_id": "{project}", "name_python": "sales.Orders"}
ASK = {"project_id": "{project}", "prompt": "hi"}


def edit(status: int = 200) -> dict[str, int]:
    return {"stranger": 404, "viewer": 403, "editor": status, "owner": status}


def own(status: int = 200) -> dict[str, int]:
    return {"stranger": 404, "viewer": 403, "editor": 403, "owner": status}


ROUTES: list[tuple[str, str, Any, dict[str, int]]] = [
    ("GET", "/projects/{project}", None, READ),
    ("PATCH", "/projects/{project}", {"name": "New {new}"}, own()),
    ("DELETE", "/projects/{project}", None, own(204)),
    ("GET", "/projects/{project}/members", None, READ),
    ("POST", "/projects/{project}/members", {"email": "nobody@example.org", "role": "viewer"}, own(404)),
    ("PATCH", "/projects/{project}/members", {"email": "{viewer_email}", "role": "editor"}, own()),
    ("DELETE", "/projects/{project}/members?email={editor_email}", None, edit(204)),
    ("GET", "/sources?project_id={project}", None, READ),
    ("DELETE", "/sources/{source}?project_id={project}", None, edit(204)),
    ("POST", "/files/preview", {"project_id": "{project}", "data_source_id": "{source}"}, READ),
    ("POST", "/files/import", "import", edit(202)),
    ("GET", "/jobs/{job}", None, READ),
    ("POST", "/jobs/{job}/cancel", None, edit()),
    ("GET", "/datasets?project_id={project}", None, READ),
    ("GET", "/datasets?project_id={project}&deleted=true", None, READ),
    ("POST", "/datasets/list", {"project_id": "{project}"}, READ),
    ("POST", "/datasets/create", {"project_id": "{project}", "name": "Set {new}"}, edit(201)),
    ("PATCH", "/datasets/{dataset}", {"name": "Set {new}"}, edit()),
    ("DELETE", "/datasets/{dataset}", None, edit(204)),
    ("POST", "/datasets/{dataset}/restore", None, edit()),
    ("GET", "/datasets/{dataset}/sheets", None, READ),
    ("GET", "/sheets?project_id={project}", None, READ),
    ("GET", "/sheets?project_id={project}&deleted=true", None, READ),
    ("GET", "/sheets/{sheet}", None, READ),
    ("GET", "/sheets/{sheet}/versions", None, READ),
    ("GET", "/sheets/{sheet}/document", None, {"stranger": 404, "viewer": 422, "editor": 422, "owner": 422}),
    ("PATCH", "/sheets/{sheet}", {"name": "Sheet {new}"}, edit()),
    ("PATCH", "/sheets/{sheet}", {"version": 1}, edit()),
    ("PATCH", "/sheets/{sheet}", {"dataset_id": "{dataset}"}, edit()),
    ("POST", "/sheets/{sheet}/versions/1/restore", None, edit()),
    ("DELETE", "/sheets/{sheet}", None, edit(204)),
    ("POST", "/sheets/{sheet}/restore", None, edit()),
    ("POST", "/data/load-dataframe", NAMED, READ),
    ("POST", "/data/query", NAMED, READ),
    ("POST", "/data/profile", {**NAMED, "column": "amount"}, READ),
    ("POST", "/data/export", {**NAMED, "format": "csv"}, READ),
    ("POST", "/chat", ASK, edit(202)),
    ("POST", "/chat/stream", ASK, edit()),
    ("POST", "/chat/query", ASK, edit()),
    ("POST", "/chat/{chat}/cancel", None, edit()),
    ("GET", "/chats?project_id={project}", None, READ),
    ("GET", "/chats/{chat}", None, READ),
    ("GET", "/chats/{chat}/messages", None, READ),
    ("GET", "/chats/{chat}/stream", None, READ),
    ("PATCH", "/chats/{chat}", {"title": "T"}, edit()),
    ("DELETE", "/chats/{chat}", None, edit(204)),
]


async def _asked(
    place: Place, client: httpx.AsyncClient, method: str, path: str, body: Any
) -> httpx.Response:
    headers = {}
    place.ids["new"] = uuid4().hex[:8]
    if body == "import":
        ids = place.ids
        body = import_body(ids["project"], ids["source"], {"data": "X"}, datasetName=f"Set {ids['new']}")
        headers = {"Prefer": "respond-async"}
    return await client.request(method, place.fill(path), json=place.fill(body), headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"), ROUTES, ids=lambda v: v if isinstance(v, str) else ""
)
async def test_who_may_what(
    place: Place, method: str, path: str, body: Any, expected: dict[str, int]
) -> None:
    for role in ROLES:
        person = getattr(place.team, role)
        answer = await _asked(place, person.client, method, path, body)
        if role == "owner" and expected["editor"] == 204 and expected["owner"] == 204:
            assert answer.status_code == 404, f"{role}: deleted by the editor before"
            continue
        assert answer.status_code == expected[role], f"{role}: {answer.text}"
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"


async def test_an_upload_by_role(team: Team) -> None:
    for role, status in {"stranger": 404, "viewer": 403, "editor": 201, "owner": 201}.items():
        form = {"data": {"project_id": team.project}, "files": {"file": ("a.csv", CSV)}}
        answer = await getattr(team, role).client.post("/files/upload", **form)
        assert answer.status_code == status, f"{role}: {answer.text}"


async def test_a_list_of_projects_has_those_that_one_may_see(team: Team) -> None:
    for role in ROLES:
        listed = (await getattr(team, role).client.get("/projects")).json()
        shown = [(p["id"], p["role"]) for p in listed["projects"]]
        assert shown == ([] if role == "stranger" else [(team.project, role)])


@pytest.mark.parametrize(
    ("path", "body"), [(p, b) for m, p, b, _ in ROUTES if m == "POST" and isinstance(b, dict)]
)
async def test_another_user_id_is_refused(team: Team, path: str, body: dict[str, Any]) -> None:
    ids = {"project": team.project, "source": str(uuid4()), "chat": str(uuid4()), "new": "x"}
    sent = Place(team, ids).fill(body)
    client, url = team.owner.client, path.format(**ids)
    for claimed in (str(team.editor.id), "nonsense", 5):
        answer = await client.post(url, json={**sent, "user_id": claimed})
        assert (answer.status_code, answer.json()["code"]) == (403, "user_mismatch")


@pytest.mark.parametrize(
    "claimed", [lambda t: str(t.owner.id), lambda t: str(t.owner.id).upper(), lambda _: None]
)
async def test_ones_own_user_id_is_ignored(team: Team, claimed: Any) -> None:
    body = {"project_id": team.project, "user_id": claimed(team)}
    assert (await team.owner.client.post("/datasets/list", json=body)).status_code == 200
