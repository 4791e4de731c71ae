"""What could be asked, over HTTP."""

from uuid import uuid4

from integration.api.conftest import Team


async def test_a_project_without_data_suggests_nothing(team: Team) -> None:
    answer = await team.viewer.client.get(f"/projects/{team.project}/suggestions")
    assert (answer.status_code, answer.json()) == (200, {"suggestions": []})


async def test_a_stranger_finds_no_project(team: Team) -> None:
    for client, project in ((team.stranger.client, team.project), (team.owner.client, str(uuid4()))):
        answer = await client.get(f"/projects/{project}/suggestions")
        assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")
