"""Rows taken along over HTTP."""

import asyncio
import io
from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import polars as pl
import pytest

from integration.api.conftest import Team
from integration.api.product import Product
from integration.api.test_path import CSV, import_body, upload
from oryxforge.adapters.engine import xlsx
from oryxforge.ports.engine import Exported

Body = dict[str, object]


@pytest.fixture
async def body(team: Team) -> Body:
    client = team.owner.client
    source = await upload(client, team.project, "orders.csv", CSV)
    sheets = {"data": "Größe & =Preis/2"}
    answer = await client.post("/files/import", json=import_body(team.project, source, sheets))
    assert answer.status_code == 200, answer.text
    return {"project_id": team.project, "name_python": "sales.GrosseAndPreis2"} | await named(team)


async def named(team: Team) -> Body:
    listed = await team.owner.client.get("/sheets", params={"project_id": team.project})
    return {"name_python": listed.json()["sheets"][0]["address"]}


async def test_a_csv_is_named_after_its_sheet(team: Team, body: Body) -> None:
    answer = await team.viewer.client.post("/data/export", json={**body, "format": "csv"})
    assert answer.status_code == 200, answer.text
    assert (
        answer.content.decode("utf-8-sig")
        == "region,amount,zip\nNorth,1.5,00501\nSouth,2.5,10001\nNorth,,20002\n"
    )
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["x-total-count"] == "3"
    plain, _, encoded = answer.headers["content-disposition"].partition("; filename*=UTF-8''")
    assert plain == 'attachment; filename="Grosse & =Preis_2.csv"'
    assert unquote(encoded) == "Größe & =Preis_2.csv"


async def test_as_it_is_looked_at(team: Team, body: Body) -> None:
    view = {
        "columns": ["zip", "amount"],
        "sort": [{"column": "zip", "descending": True}],
        "filter": [{"column": "region", "op": "eq", "value": "North"}],
        "search": "0",
    }
    client = team.owner.client
    book = await client.post("/data/export", json={**body, **view, "format": "xlsx", "version": 1})
    rows = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert rows is not None
    assert list(rows.iter_rows(values_only=True)) == [("zip", "amount"), ("20002", None), ("00501", 1.5)]
    parquet = await client.post("/data/export", json={**body, **view, "format": "parquet"})
    assert pl.read_parquet(parquet.content).rows() == [("20002", None), ("00501", 1.5)]


@pytest.mark.parametrize(
    ("over", "status", "code"),
    [
        ({"columns": ["none"]}, 400, "column_unknown"),
        ({"columns": []}, 422, "validation_failed"),
        ({"format": "pdf"}, 422, "validation_failed"),
        ({"version": 9}, 404, "version_not_found"),
        ({"name_python": "sales.None"}, 404, "sheet_not_found"),
    ],
)
async def test_what_makes_no_sense(team: Team, body: Body, over: Body, status: int, code: str) -> None:
    answer = await team.viewer.client.post("/data/export", json={**body, "format": "csv", **over})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_more_than_excel_holds(team: Team, body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 2)
    answer = await team.viewer.client.post("/data/export", json={**body, "format": "xlsx"})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_rows")
    assert "Parquet or CSV" in answer.json()["detail"]


async def test_a_client_that_goes_lets_go_of_the_file(
    product: Product, team: Team, body: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncGenerator[bytes]:
        try:
            while True:
                yield b"x" * 65_536
                await asyncio.sleep(0)
        finally:
            closed.set()

    async def made(*_: object) -> tuple[str, Exported]:
        return "Endless", Exported(1, 1 << 40, endless())

    monkeypatch.setattr(product.api.services.data, "export", made)
    client = team.owner.client
    async with client.stream("POST", "/data/export", json={**body, "format": "csv"}) as answer:
        await anext(answer.aiter_bytes())
    await product.until(closed.is_set)


async def test_nothing_is_left_in_the_temporary_folder(product: Product, team: Team, body: Body) -> None:
    for kind in ("csv", "xlsx", "parquet"):
        answer = await team.viewer.client.post("/data/export", json={**body, "format": kind, "search": "n"})
        assert answer.status_code == 200
    assert not list(Path(product.settings.data).rglob("*.part"))
