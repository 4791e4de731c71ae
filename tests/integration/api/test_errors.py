"""Errors: problems with a stable code, whatever was sent, and nothing of the inside."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from integration.api.conftest import MakePerson
from integration.api.product import Product
from oryxforge.domain.errors import Unavailable
from oryxforge.domain.identity import Actor

JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "Bearer not.a.token", "Bearer ü"])
async def test_no_valid_token(product: Product, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}
    async with product.client() as anybody:
        answer = await anybody.get("/projects", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    problem(answer, 401, answer.json()["code"])


async def test_an_expired_token(product: Product) -> None:
    async with product.client(product.token(uuid4(), "x@example.org", ttl_s=-60)) as late:
        problem(await late.get("/projects"), 401, "token_expired")


async def test_no_such_route_or_method(client: httpx.AsyncClient) -> None:
    problem(await client.get("/nothing/here"), 404, "route_not_found")
    answer = await client.put("/projects")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b'{"name": "\xff"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"nonsense",
        b'{"name": ' + b"9" * 5000 + b"}",
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"name": null}',
        b'{"name": {"a": 1}}',
        b'{"name": "a\\u0000b"}',
    ],
    ids=lambda b: repr(b[:20]),
)
async def test_bodies_that_are_none(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/projects", content=body, headers=JSON)
    found = problem(answer, 422, "validation_failed")
    assert all(set(e) == {"loc", "msg"} for e in found["errors"])


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"]
)
async def test_another_media_type(client: httpx.AsyncClient, content_type: str) -> None:
    answer = await client.post("/projects", content=b'{"name":"x"}', headers={"Content-Type": content_type})
    problem(answer, 415, "unsupported_media_type")


async def test_a_body_over_the_limit(client: httpx.AsyncClient) -> None:
    body = json.dumps({"name": "x" * 5_000_000}).encode()
    problem(await client.post("/projects", content=body, headers=JSON), 413, "too_large")

    async def unannounced() -> Any:
        for at in range(0, len(body), 100_000):
            yield body[at : at + 100_000]

    problem(await client.post("/projects", content=unannounced(), headers=JSON), 413, "too_large")


@pytest.mark.parametrize(
    "id", ["x", "%00", "1" * 500, "%F0%9F%A6%8C", "00000000-0000-0000-0000-00000000000g"]
)
async def test_ids_that_are_none(client: httpx.AsyncClient, id: str) -> None:
    answer = await client.get(f"/chats/{id}")
    assert answer.status_code in (404, 422)
    problem(answer, answer.status_code, answer.json()["code"])


@pytest.mark.parametrize(
    "over",
    [
        {"offset": -1},
        {"offset": 2**70},
        {"limit": 1e308},
        {"limit": 10_001},
        {"sort": [{"column": "a\0"}]},
        {"filter": [{"column": "a", "op": "like", "value": 1}]},
        {"filter": [{"column": "a", "op": "eq", "value": 2**63}]},
        {"filter": [{"column": "a", "op": "in", "value": [[1]]}]},
        {"name_python": "a.b\0"},
        {"project_id": 7},
    ],
    ids=str,
)
async def test_values_that_are_none(client: httpx.AsyncClient, over: dict[str, Any]) -> None:
    body = {"project_id": str(uuid4()), "name_python": "a.b", **over}
    problem(await client.post("/data/query", json=body), 422, "validation_failed")


async def test_a_value_error_says_where(client: httpx.AsyncClient) -> None:
    body = {"project_id": "x", "data_source_id": str(uuid4()), "settings_save": {"datasetName": 1}}
    found = problem(await client.post("/files/import", json=body), 422, "validation_failed")
    places = {e["loc"] for e in found["errors"]}
    assert {"project_id", "settings_save.createNewDataset", "settings_save.datasetName"} <= places
    assert found["detail"].startswith("project_id: ")


class Broken:
    """A service that fails as the one before it would not."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def all(self, actor: Actor) -> list[object]:
        raise self._error


async def test_what_nobody_expected(client: httpx.AsyncClient, product: Product) -> None:
    secret = "select * from secrets at /home/me/x.py"
    with product.replaced(projects=Broken(RuntimeError(secret))):
        answer = await client.get("/projects", headers={"X-Request-ID": "find-me"})
    problem(answer, 500, "internal_error")
    assert answer.headers["x-request-id"] == "find-me"
    assert "secrets" not in answer.text
    assert "nosniff" in answer.headers["x-content-type-options"]


async def test_something_is_away(client: httpx.AsyncClient, product: Product) -> None:
    away = Unavailable("The database is away.", code="database_unavailable", extra={"cause": "OSError"})
    with product.replaced(projects=Broken(away)):
        answer = await client.get("/projects")
    found = problem(answer, 503, "database_unavailable")
    assert answer.headers["retry-after"].isdigit()
    assert "cause" not in found
