"""Results changed and run again, over HTTP."""

from typing import Any
from uuid import UUID

import pytest

from fixtures.results import Results
from integration.api.conftest import Team
from integration.api.product import Product
from integration.api.test_path import import_body, upload
from oryxforge.domain.identity import Actor
from oryxforge.domain.sheets import Sheet

BY_REGION = "select region, sum(amount) as total from sales.Orders group by all order by region"
FIGURE: dict[str, Any] = {
    "data": [{"type": "bar", "x": ["North", "South"], "y": [1.5, 2.5]}],
    "layout": {"title": {"text": "By region"}},
}


@pytest.fixture
async def results(product: Product, team: Team) -> Results:
    client = team.owner.client
    source = await upload(client, team.project, "orders.csv", b"region,amount\nNorth,1.5\nSouth,2.5\n")
    answer = await client.post("/files/import", json=import_body(team.project, source, {"data": "Orders"}))
    assert answer.status_code == 200, answer.text
    return Results(product, Actor(team.owner.id, team.owner.email), UUID(team.project))


@pytest.fixture
async def chart(results: Results) -> Sheet:
    return await results.chart("By region", BY_REGION, FIGURE)


async def test_a_table_is_run_with_other_code_and_kept(results: Results, team: Team) -> None:
    table = await results.table("By region", BY_REGION)
    client = team.editor.client
    code = "select region from sales.Orders"
    ran = await client.post(f"/sheets/{table.id}/run", json={"code": code})
    assert (ran.status_code, ran.json()["data"], ran.json()["figure"]) == (200, [["North"], ["South"]], None)
    assert ran.json()["reads"][0]["sheet"] == "sales.Orders"
    assert (await client.get(f"/sheets/{table.id}")).json()["version"] == 1

    saved = await client.post(f"/sheets/{table.id}/versions", json={"code": code, "version": 1})
    assert (saved.status_code, saved.json()["version"], saved.json()["rows"]) == (201, 2, 2)
    provenance = saved.json()["metadata"]["provenance"]
    assert (provenance["code"], provenance["agent"], provenance["user_id"]) == (
        code,
        "user",
        str(team.editor.id),
    )

    first, second = (await client.get(f"/sheets/{table.id}/versions")).json()["versions"]
    assert (first["provenance"]["code"], second["provenance"]["code"]) == (BY_REGION, code)
    assert second["created_by"] == str(team.editor.id)

    moved = await client.post(f"/sheets/{table.id}/versions", json={"code": code, "version": 1})
    assert (moved.status_code, moved.json()["code"]) == (409, "version_moved")


async def test_a_chart_is_drawn_over_what_its_code_gives_now(team: Team, chart: Sheet) -> None:
    client = team.editor.client
    code = BY_REGION.replace("sum(amount)", "10 * sum(amount)")
    ran = (await client.post(f"/sheets/{chart.id}/run", json={"code": code})).json()
    assert ran["figure"]["data"] == [{"type": "bar", "x": ["North", "South"], "y": [15.0, 25.0]}]
    saved = await client.post(f"/sheets/{chart.id}/versions", json={"code": code})
    assert saved.status_code == 201, saved.text
    now = (await client.get(f"/sheets/{chart.id}/document")).json()
    assert now["data"][0]["y"] == [15.0, 25.0]
    first = (await client.get(f"/sheets/{chart.id}/document", params={"version": 1})).json()
    assert first == FIGURE


async def test_a_chart_that_can_not_be_traced_says_so(team: Team, results: Results) -> None:
    odd = await results.chart("Odd", BY_REGION, {"data": [{"type": "bar", "y": [7, 8, 9]}], "layout": {}})
    client = team.editor.client
    ran = await client.post(f"/sheets/{odd.id}/run", json={"code": BY_REGION})
    assert (ran.json()["figure"], ran.json()["total"]) == (None, 2)
    saved = await client.post(f"/sheets/{odd.id}/versions", json={"code": BY_REGION})
    assert (saved.status_code, saved.json()["code"]) == (422, "figure_not_redrawn")


async def test_another_look_keeps_code_and_values(team: Team, chart: Sheet) -> None:
    client = team.editor.client
    look = {"data": [{"type": "pie", "labels": ["North", "South"], "values": [1.5, 2.5]}], "layout": {}}
    answer = await client.patch(f"/sheets/{chart.id}/document", json={"figure": look, "what": "Kind: pie"})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert answer.json()["metadata"]["provenance"]["code"] == BY_REGION
    assert (await client.get(f"/sheets/{chart.id}/versions")).json()["versions"][1]["edit"] == {
        "what": "Kind: pie"
    }

    other = {"data": [{"type": "bar", "x": ["North", "South"], "y": [1.5, 99]}], "layout": {}}
    refused = await client.patch(f"/sheets/{chart.id}/document", json={"figure": other, "what": "Values"})
    assert (refused.status_code, refused.json()["code"]) == (422, "figure_values_changed")


async def test_a_viewer_reads_and_a_stranger_sees_nothing(team: Team, chart: Sheet) -> None:
    look = {"figure": FIGURE, "what": "Title"}
    for person, status in ((team.viewer, 403), (team.stranger, 404)):
        client = person.client
        assert (await client.post(f"/sheets/{chart.id}/run", json={"code": "select 1"})).status_code == status
        assert (
            await client.post(f"/sheets/{chart.id}/versions", json={"code": BY_REGION})
        ).status_code == status
        assert (await client.patch(f"/sheets/{chart.id}/document", json=look)).status_code == status
    assert (await team.viewer.client.get(f"/sheets/{chart.id}/document")).status_code == 200
    assert (await team.stranger.client.get(f"/sheets/{chart.id}/document")).status_code == 404


async def test_what_was_not_made_by_sql_can_not_be_run(team: Team, results: Results) -> None:
    report = await results.report("Report", "# Found\n")
    ran = await team.owner.client.post(f"/sheets/{report.id}/run", json={"code": "select 1"})
    assert (ran.status_code, ran.json()["code"]) == (422, "language_not_runnable")
    sheets = (await team.owner.client.get("/sheets", params={"project_id": team.project})).json()["sheets"]
    imported = next(s for s in sheets if s["address"] == "sales.Orders")
    ran = await team.owner.client.post(f"/sheets/{imported['id']}/run", json={"code": "select 1"})
    assert (ran.status_code, ran.json()["code"]) == (422, "language_not_runnable")
    write = await team.owner.client.post(f"/sheets/{report.id}/run", json={"code": ""})
    assert write.status_code == 422


async def test_writing_sql_is_refused(team: Team, chart: Sheet) -> None:
    ran = await team.owner.client.post(f"/sheets/{chart.id}/run", json={"code": "drop table sales.Orders"})
    assert (ran.status_code, ran.json()["code"]) == (400, "sql_not_read_only")


async def test_a_report_shows_sheets_that_are_there(team: Team, results: Results, chart: Sheet) -> None:
    report = await results.report("Report", f"# Found\n\n![By region](sheet:{chart.address})\n")
    [read] = (await team.viewer.client.get(f"/sheets/{report.id}")).json()["metadata"]["provenance"]["reads"]
    assert (read["sheet_id"], read["version"]) == (str(chart.id), 1)
    body = await team.viewer.client.get(f"/sheets/{report.id}/document")
    assert body.headers["content-type"].startswith("text/markdown")
