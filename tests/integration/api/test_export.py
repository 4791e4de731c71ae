"""A chat taken along, over HTTP."""

import json
from uuid import uuid4

import pytest

from integration.api.conftest import Team


@pytest.mark.parametrize(
    ("wanted", "kind", "begins"),
    [("md", "text/markdown", "# hello"), ("html", "text/html", "<!doctype html>"), ("ipynb", "application/x-ipynb", "{")],
)  # fmt: skip
async def test_each_format(team: Team, wanted: str, kind: str, begins: str) -> None:
    body = {"project_id": team.project, "prompt": "hello <b>you</b>"}
    chat = (await team.owner.client.post("/chat/query", json=body)).json()["chat_id"]
    answer = await team.viewer.client.get(f"/chats/{chat}/export", params={"format": wanted})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="hello-b-you-b.{wanted}"'
    assert answer.text.startswith(begins)
    assert ("\\<b" in answer.text) == (wanted != "html")
    assert ("&lt;b&gt;you" in answer.text) == (wanted == "html")
    if wanted == "ipynb":
        assert json.loads(answer.text)["nbformat"] == 4


async def test_what_can_not_be_taken_along(team: Team) -> None:
    body = {"project_id": team.project, "prompt": "hello"}
    chat = (await team.owner.client.post("/chat/query", json=body)).json()["chat_id"]
    for client, path, status in (
        (team.stranger.client, f"/chats/{chat}/export", 404),
        (team.owner.client, f"/chats/{uuid4()}/export", 404),
        (team.owner.client, f"/chats/{chat}/export?format=pdf", 422),
    ):
        assert (await client.get(path)).status_code == status
