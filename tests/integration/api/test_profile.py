"""Column profiles over HTTP."""

import asyncio

import pytest

from integration.api.conftest import Team
from integration.api.product import Product
from integration.api.test_path import CSV, import_body, upload


@pytest.fixture
async def body(team: Team) -> dict[str, object]:
    client = team.owner.client
    source = await upload(client, team.project, "orders.csv", CSV)
    answer = await client.post("/files/import", json=import_body(team.project, source, {"data": "Orders"}))
    assert answer.status_code == 200, answer.text
    return {"project_id": team.project, "name_python": "sales.Orders", "column": "amount"}


async def test_a_column_is_measured(team: Team, body: dict[str, object]) -> None:
    answer = await team.viewer.client.post("/data/profile", json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    bins = found.pop("bins")
    assert found == {
        "column": "amount",
        "type": "DOUBLE",
        "rows": 3,
        "missing": 1,
        "distinct": 2,
        "is_distinct_estimated": False,
        "minimum": 1.5,
        "maximum": 2.5,
        "mean": 2.0,
        "median": 2.0,
        "quartiles": [1.75, 2.25],
        "top": [{"value": 1.5, "rows": 1}, {"value": 2.5, "rows": 1}],
    }
    assert bins[0] == {"from": 1.5, "to": 1.55, "rows": 1}
    assert (bins[-1]["to"], sum(b["rows"] for b in bins)) == (2.5, 2)


async def test_of_the_rows_that_are_looked_at(team: Team, body: dict[str, object]) -> None:
    some = [{"column": "region", "op": "eq", "value": "North"}]
    for rows in ({"filter": some}, {"search": "NORTH"}):
        found = (await team.owner.client.post("/data/profile", json={**body, **rows, "version": 1})).json()
        assert (found["rows"], found["missing"], found["maximum"]) == (2, 1, 1.5)


@pytest.mark.parametrize(
    ("over", "status", "code"),
    [
        ({"column": "amounts"}, 400, "column_unknown"),
        ({"version": 9}, 404, "version_not_found"),
        ({"name_python": "sales.None"}, 404, "sheet_not_found"),
        ({"name_python": "Orders"}, 422, "address_malformed"),
        ({"filter": [{"column": "amount", "op": "gt", "value": "x"}]}, 400, "filter_value"),
    ],
)
async def test_what_makes_no_sense(
    team: Team, body: dict[str, object], over: dict[str, object], status: int, code: str
) -> None:
    answer = await team.viewer.client.post("/data/profile", json={**body, **over})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_it_stops_when_its_client_goes(
    product: Product, team: Team, body: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless(*_: object) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    monkeypatch.setattr(product.api.services.data, "profile", endless)
    asking = asyncio.create_task(team.owner.client.post("/data/profile", json=body))
    await product.until(begun.is_set)
    asking.cancel()
    await product.until(ended.is_set)
