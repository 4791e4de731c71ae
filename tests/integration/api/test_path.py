"""From a file to rows to an answer, over HTTP alone."""

import asyncio
import io
from datetime import datetime, timedelta
from typing import Any

import httpx
import openpyxl
import polars as pl
import pytest

from integration.api.conftest import MakePerson

CSV = b"region,amount,zip\nNorth,1.5,00501\nSouth,2.5,10001\nNorth,,20002\n"
ARROW = "application/vnd.apache.arrow.stream"


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


async def new_project(client: httpx.AsyncClient) -> str:
    answer = await client.post("/projects", json={"name": "Path"})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def upload(client: httpx.AsyncClient, project: str, name: str, body: bytes) -> str:
    answer = await client.post("/files/upload", data={"project_id": project}, files={"file": (name, body)})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def import_body(project: str, source: str, sheets: dict[str, str], **over: Any) -> dict[str, Any]:
    save = {"createNewDataset": True, "datasetName": "Sales", "selectedSheets": sheets, **over}
    return {"project_id": project, "data_source_id": source, "settings_save": save}


async def orders(client: httpx.AsyncClient) -> tuple[str, dict[str, Any]]:
    """A project with the sheet `sales.Orders`, and what its import answered."""
    project = await new_project(client)
    source = await upload(client, project, "orders.csv", CSV)
    answer = await client.post("/files/import", json=import_body(project, source, {"data": "Orders"}))
    assert answer.status_code == 200, answer.text
    return project, answer.json()


async def test_a_csv_becomes_rows(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    source = await upload(client, project, "orders.csv", CSV)

    preview = await client.post("/files/preview", json={"project_id": project, "data_source_id": source})
    assert preview.json()["data"]["headers"] == ["region", "amount", "zip"]
    assert preview.json()["data"]["data"][0] == ["North", 1.5, "00501"]

    imported = await client.post("/files/import", json=import_body(project, source, {"data": "Orders"}))
    assert imported.status_code == 200, imported.text
    assert imported.json()["status"] == "success"

    named = {"project_id": project, "name_python": "sales.Orders"}
    head = await client.post("/data/load-dataframe", json=named)
    assert head.headers["content-type"] == "application/json"
    assert head.json() == {
        "headers": ["region", "amount", "zip"],
        "data": [["North", 1.5, "00501"], ["South", 2.5, "10001"], ["North", None, "20002"]],
    }


async def test_a_workbook_gives_every_sheet(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    book = openpyxl.Workbook()
    for title in ("First", "Second"):
        sheet = book.create_sheet(title)
        sheet.append(["name", "n"])
        sheet.append([title, 1])
    book.remove(book["Sheet"])
    body = io.BytesIO()
    book.save(body)
    source = await upload(client, project, "book.xlsx", body.getvalue())

    asked = import_body(project, source, {"First": "One", "Second": "Two"}, datasetName="Book")
    imported = (await client.post("/files/import", json=asked)).json()
    assert set(imported["datasheet_ids"]) == {"One", "Two"}
    sheets = (await client.get(f"/datasets/{imported['dataset_id']}/sheets")).json()
    assert {s["address"] for s in sheets["sheets"]} == {"book.One", "book.Two"}


async def test_an_import_as_a_job(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    source = await upload(client, project, "orders.csv", CSV)
    started = await client.post(
        "/files/import",
        json=import_body(project, source, {"data": "Orders"}),
        headers={"Prefer": "wait=5, respond-async"},
    )
    assert started.status_code == 202
    assert started.headers["preference-applied"] == "respond-async"
    job = started.json()
    assert started.headers["location"] == f"/jobs/{job['id']}"
    async with asyncio.timeout(20):
        while job["status"] in ("queued", "running"):
            job = (await client.get(started.headers["location"])).json()
    assert job["status"] == "completed"
    assert set(job["result"]["datasheet_ids"]) == {"Orders"}


async def test_rows_sorted_and_filtered(client: httpx.AsyncClient) -> None:
    project, _ = await orders(client)
    named = {"project_id": project, "name_python": "sales.Orders"}
    body = {
        **named,
        "sort": [{"column": "amount", "descending": True}],
        "filter": [{"column": "region", "op": "in", "value": ["North", "South"]}],
        "limit": 1,
    }
    page = (await client.post("/data/query", json=body)).json()
    assert page["data"] == [["South", 2.5, "10001"]]
    assert (page["total"], page["offset"], page["limit"]) == (3, 0, 1)

    arrow = await client.post("/data/query", json=body, headers={"Accept": ARROW})
    assert arrow.headers["content-type"] == ARROW
    assert arrow.headers["x-total-count"] == "3"
    assert pl.read_ipc_stream(arrow.content)["region"].to_list() == ["South"]


async def test_versions_go_back_and_forth(client: httpx.AsyncClient) -> None:
    project, imported = await orders(client)
    sheet = imported["datasheet_ids"]["Orders"]
    source = (await client.get("/sources", params={"project_id": project})).json()["sources"][0]["id"]
    again = import_body(project, source, {"data": "Orders"}, createNewDataset=False)
    assert (await client.post("/files/import", json=again)).status_code == 200

    versions = (await client.get(f"/sheets/{sheet}/versions")).json()
    assert [v["number"] for v in versions["versions"]] == [1, 2]
    assert versions["current"] == 2
    assert (await client.post(f"/sheets/{sheet}/versions/1/restore")).json()["version"] == 1
    renamed = await client.patch(f"/sheets/{sheet}", json={"version": 2, "name": "All orders"})
    assert (renamed.json()["version"], renamed.json()["address"]) == (2, "sales.AllOrders")
    assert (await client.patch(f"/sheets/{sheet}", json={"version": 9})).status_code == 404


async def test_a_change_of_a_sheet_is_made_whole_or_not_at_all(client: httpx.AsyncClient) -> None:
    project, imported = await orders(client)
    sheet = imported["datasheet_ids"]["Orders"]
    source = (await client.get("/sources", params={"project_id": project})).json()["sources"][0]["id"]
    for target in ("Orders", "Taken"):
        again = import_body(project, source, {"data": target}, createNewDataset=False)
        assert (await client.post("/files/import", json=again)).status_code == 200
    refused = await client.patch(f"/sheets/{sheet}", json={"version": 1, "name": "Taken"})
    assert (refused.status_code, refused.json()["code"]) == (409, "sheet_exists")
    assert (await client.get(f"/sheets/{sheet}")).json()["version"] == 2


async def test_a_deleted_sheet_comes_back(client: httpx.AsyncClient) -> None:
    project, imported = await orders(client)
    sheet = imported["datasheet_ids"]["Orders"]
    assert (await client.delete(f"/sheets/{sheet}")).status_code == 204
    assert (await client.get(f"/sheets/{sheet}")).status_code == 404
    assert (await client.post(f"/sheets/{sheet}/restore")).status_code == 200
    listed = (await client.get("/sheets", params={"project_id": project})).json()
    assert [s["id"] for s in listed["sheets"]] == [sheet]


async def test_a_sheet_is_moved_deleted_and_brought_back(client: httpx.AsyncClient) -> None:
    project, imported = await orders(client)
    sheet = f"/sheets/{imported['datasheet_ids']['Orders']}"
    made = (await client.post("/datasets/create", json={"project_id": project, "name": "Year 2024"})).json()
    moved = await client.patch(sheet, json={"dataset_id": made["id"], "name": "All orders"})
    assert (moved.status_code, moved.json()["address"]) == (200, "year_2024.AllOrders")
    body = {"project_id": project, "name_python": "year_2024.AllOrders"}
    assert (await client.post("/data/query", json=body)).json()["total"] == 3

    assert (await client.delete(f"/datasets/{made['id']}")).status_code == 204
    [gone] = (await client.get("/sheets", params={"project_id": project, "deleted": True})).json()["sheets"]
    assert gone["address"] == "year_2024.AllOrders"
    assert datetime.fromisoformat(gone["kept_until"]) - datetime.fromisoformat(
        gone["deleted_at"]
    ) == timedelta(30)
    back = await client.post(f"/datasets/{made['id']}/restore")
    assert (back.status_code, back.json()) == (200, made)
    assert (await client.get(sheet)).json()["deleted_at"] is None
    assert (await client.post("/data/query", json=body)).json()["total"] == 3


async def test_a_table_is_no_document(client: httpx.AsyncClient) -> None:
    _, imported = await orders(client)
    answer = await client.get(f"/sheets/{imported['datasheet_ids']['Orders']}/document")
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet_is_table")


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("sales.Nothing", 404, "sheet_not_found"), ("Orders", 422, "address_malformed")],
)
async def test_a_sheet_that_is_not_there(
    client: httpx.AsyncClient, name: str, status: int, code: str
) -> None:
    project, _ = await orders(client)
    answer = await client.post("/data/load-dataframe", json={"project_id": project, "name_python": name})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_import_that_can_not_be(client: httpx.AsyncClient) -> None:
    project, _ = await orders(client)
    source = (await client.get("/sources", params={"project_id": project})).json()["sources"][0]["id"]

    async def tried(sheets: dict[str, str], **over: Any) -> tuple[int, str]:
        answer = await client.post("/files/import", json=import_body(project, source, sheets, **over))
        return answer.status_code, answer.json()["code"]

    assert await tried({"data": "X"}) == (409, "dataset_exists")
    assert await tried({}, datasetName="Other") == (400, "nothing_selected")
    assert await tried({"nope": "X"}, datasetName="Other") == (400, "source_sheet_not_found")
    assert await tried({"data": "X"}, datasetName="Gone", createNewDataset=False) == (
        404,
        "dataset_not_found",
    )


async def test_an_import_that_fails_has_the_status_of_its_failure(client: httpx.AsyncClient) -> None:
    project, _ = await orders(client)
    other = await upload(client, project, "other.csv", CSV)
    body = import_body(project, other, {"data": "Orders"}, createNewDataset=False)
    answer = await client.post("/files/import", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "sheet_exists")
    assert "datasheet_id" in answer.json()


async def test_a_deleted_file_is_gone(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    source = await upload(client, project, "orders.csv", CSV)
    assert (await client.delete(f"/sources/{source}", params={"project_id": project})).status_code == 204
    listed = (await client.get("/sources", params={"project_id": project})).json()
    assert listed == {"sources": [], "count": 0}
