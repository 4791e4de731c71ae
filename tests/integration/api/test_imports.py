"""Imports over HTTP: at once, of empty sheets, cancelled."""

import asyncio
import io

import httpx
import openpyxl
import pytest

from integration.api.conftest import MakePerson
from integration.api.test_path import CSV, import_body, new_project, upload


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


def book(**sheets: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made["Sheet"])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    body = io.BytesIO()
    made.save(body)
    return body.getvalue()


async def test_two_imports_into_one_new_dataset_at_once(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    sources = [await upload(client, project, f"{n}.csv", CSV) for n in range(4)]
    bodies = [import_body(project, s, {"data": f"S{n}"}) for n, s in enumerate(sources)]
    answers = await asyncio.gather(*[client.post("/files/import", json=b) for b in bodies])
    assert sorted(a.status_code for a in answers) == [200, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"dataset_exists"}
    sheets = (await client.get("/sheets", params={"project_id": project})).json()
    assert sheets["count"] == 1
    flags = [s["status"]["flag"] for s in await listed(client, project)]
    assert sorted(flags) in (["error"] * n + ["pending"] * (3 - n) + ["ready"] for n in range(4))


async def listed(client: httpx.AsyncClient, project: str) -> list[dict[str, dict[str, str]]]:
    return (await client.get("/sources", params={"project_id": project})).json()["sources"]


async def test_an_empty_sheet_beside_a_full_one(client: httpx.AsyncClient) -> None:
    project = await new_project(client)
    source = await upload(client, project, "book.xlsx", book(Full=[["a"], [1]], Blank=[]))
    both = await client.post("/files/import", json=import_body(project, source, {"Full": "F", "Blank": "B"}))
    assert both.status_code == 200, both.text
    assert (set(both.json()["datasheet_ids"]), both.json()["skipped"]) == ({"F"}, ["Blank"])
    assert "Blank" in both.json()["message"]
    body = import_body(project, source, {"Blank": "B"}, datasetName="Other")
    alone = await client.post("/files/import", json=body)
    assert (alone.status_code, alone.json()["code"]) == (400, "sheet_empty")
