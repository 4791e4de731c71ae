"""Imports as the page does them: looked into, imported with the same settings, a receipt kept, undone."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from integration.api.conftest import MakePerson, Team
from integration.api.test_path import import_body, new_project, upload

CSV = b"d;n\n01/02/2024;1,5\n03/04/2024;2,5\n"
LOAD: dict[str, Any] = {"dates": "month", "sheets": {"data": {"types": {"n": "VARCHAR"}}}}


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


async def done(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """The job of an import, once it has ended: a retry with the same key waits for the same."""
    key = {"Idempotency-Key": uuid4().hex}
    begun = await client.post("/files/import", json=body, headers=key | {"Prefer": "respond-async"})
    assert begun.status_code == 202, begun.text
    assert (await client.post("/files/import", json=body, headers=key)).status_code == 200
    return (await client.get(f"/jobs/{begun.json()['id']}")).json()


async def test_what_was_looked_at_is_what_is_imported(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    source = await upload(client, project, "orders.csv", CSV)
    asked = {"project_id": project, "data_source_id": source, "settings_load": LOAD}
    (sheet,) = (await client.post("/files/inspect", json=asked)).json()["sheets"]
    assert sheet["detected"]["delimiter"] == ";"
    assert [c["type"] for c in sheet["columns"]] == ["DATE", "VARCHAR"]
    assert sheet["columns"][1]["why"] == "You chose this type."
    body = import_body(project, source, {"data": "Orders"}) | {"settings_load": LOAD}
    answer = (await client.post("/files/import", json=body)).json()
    kept = (await client.get(f"/sheets/{answer['datasheet_ids']['Orders']}")).json()
    receipt = kept["metadata"]["receipt"]
    assert (receipt["source"], receipt["source_sheet"], receipt["rows"], receipt["rejects"]) == (
        "orders.csv",
        "data",
        2,
        0,
    )
    assert receipt["settings"]["dates"] == "month"
    assert receipt["settings"]["sheets"] == {"data": {"header_row": None, "types": {"n": "VARCHAR"}}}
    loaded = {"project_id": project, "name_python": "sales.Orders"}
    assert (await client.post("/data/load-dataframe", json=loaded)).json()["data"][0] == ["2024-01-02", "1,5"]


async def test_an_undone_import_leaves_nothing(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    source = await upload(client, project, "orders.csv", CSV)
    job = await done(client, import_body(project, source, {"data": "Orders"}))
    undone = await client.post(f"/jobs/{job['id']}/undo")
    assert (undone.status_code, undone.json()) == (200, {"sheets": 1})
    assert (await client.get("/sheets", params={"project_id": project})).json()["count"] == 0
    datasets = (await client.post("/datasets/list", json={"project_id": project})).json()["datasets"]
    assert "Sales" not in [d["name"] for d in datasets]
    assert (await client.post(f"/jobs/{job['id']}/undo")).json() == {"sheets": 0}


async def test_an_undone_version_goes_back_to_the_one_before(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    source = await upload(client, project, "orders.csv", CSV)
    first = await done(client, import_body(project, source, {"data": "Orders"}))
    again = import_body(project, source, {"data": "Orders"}, createNewDataset=False)
    second = await done(client, again)
    refused = await client.post(f"/jobs/{first['id']}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_built_on")
    assert (await client.post(f"/jobs/{second['id']}/undo")).json() == {"sheets": 1}
    sheet = (await client.get(f"/sheets/{first['result']['datasheet_ids']['Orders']}")).json()
    assert (sheet["version"], sheet["rows"]) == (1, 2)


async def test_only_those_who_may_edit_undo(team: Team) -> None:
    source = await upload(team.owner.client, team.project, "orders.csv", CSV)
    job = await done(team.owner.client, import_body(team.project, source, {"data": "Orders"}))
    for other in (team.viewer, team.stranger):
        assert (await other.client.post(f"/jobs/{job['id']}/undo")).status_code in (403, 404)
    assert (await team.owner.client.get("/sheets", params={"project_id": team.project})).json()["count"] == 1


async def test_the_next_month_becomes_a_version_of_the_last(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    sources = [await upload(client, project, f"{month}.csv", CSV) for month in ("may", "june")]
    first = await done(client, import_body(project, sources[0], {"data": "Orders"}))
    body = import_body(project, sources[1], {"data": "Orders"}, createNewDataset=False)
    assert (await client.post("/files/import", json=body)).json()["code"] == "sheet_exists"
    body["settings_save"]["newVersions"] = True
    second = await done(client, body)
    assert second["result"]["datasheet_ids"] == first["result"]["datasheet_ids"]
    sheet = (await client.get(f"/sheets/{first['result']['datasheet_ids']['Orders']}")).json()
    assert (sheet["version"], sheet["metadata"]["receipt"]["source"]) == (2, "june.csv")
    await client.post(f"/jobs/{second['id']}/undo")
    sheet = (await client.get(f"/sheets/{sheet['id']}")).json()
    assert (sheet["version"], sheet["metadata"]["receipt"]["source"]) == (1, "may.csv")
