"""How Claude is reached: set in the settings by the owner, tried against the endpoint."""

from collections.abc import AsyncIterator

import httpx
import pytest

from integration.api.conftest import MakePerson
from integration.api.product import Product
from oryxforge.bootstrap.accounts import OWNER_EMAIL
from stubs.messages_api import Fault, MessagesStub

KEY = "sk-local-0123456789"


@pytest.fixture
async def owner(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    accounts = product.api.services.accounts
    assert accounts is not None
    account = await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    async with product.client(product.token(account.id, OWNER_EMAIL)) as client:
        yield client
        await client.delete("/models/claude")


@pytest.fixture
async def stub() -> AsyncIterator[MessagesStub]:
    async with MessagesStub() as served:
        yield served


def endpoint(stub: MessagesStub) -> dict[str, str]:
    return {"provider": "endpoint", "base_url": stub.url, "model": "qwen3:8b", "secret": KEY}


async def test_an_endpoint_that_answers_is_kept(owner: httpx.AsyncClient, stub: MessagesStub) -> None:
    assert (await owner.get("/models/claude")).json()["source"] == "none"
    assert "claude" not in (await owner.get("/config.json")).json()["agents"]
    answer = await owner.post("/models/claude", json=endpoint(stub))
    assert answer.status_code == 200, answer.text
    assert KEY not in answer.text
    shown = (await owner.get("/models/claude")).json()
    assert (shown["source"], shown["last_four"], shown["model"]) == ("settings", "6789", "qwen3:8b")
    assert "claude" in (await owner.get("/config.json")).json()["agents"]
    assert stub.requests[0]["max_tokens"] == 1
    assert stub.headers[0]["authorization"] == f"Bearer {KEY}"


async def test_removed_it_is_gone_at_once(owner: httpx.AsyncClient, stub: MessagesStub) -> None:
    await owner.post("/models/claude", json=endpoint(stub))
    assert (await owner.delete("/models/claude")).json()["source"] == "none"
    assert "claude" not in (await owner.get("/config.json")).json()["agents"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault(401, "authentication_error"), 422, "model_key_refused"),
        (Fault(404, "not_found_error"), 422, "model_not_found"),
        (Fault(429, "rate_limit_error"), 502, "model_limited"),
        (Fault(500, "api_error"), 502, "model_failed"),
    ],
)
async def test_a_refusal_in_words(
    owner: httpx.AsyncClient, stub: MessagesStub, fault: Fault, status: int, code: str
) -> None:
    stub.script(fault)
    answer = await owner.post("/models/claude", json=endpoint(stub))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert KEY not in answer.text
    assert (await owner.get("/models/claude")).json()["source"] == "none"


async def test_an_error_that_repeats_the_key(owner: httpx.AsyncClient, stub: MessagesStub) -> None:
    stub.script(Fault(400, "invalid_request_error", f"bad {KEY} given"))
    answer = await owner.post("/models/claude", json=endpoint(stub))
    assert (answer.status_code, answer.json()["code"]) == (422, "model_refused")
    assert KEY not in answer.text


async def test_nobody_there(owner: httpx.AsyncClient) -> None:
    body = {"provider": "endpoint", "base_url": "http://127.0.0.1:9", "model": "m"}
    answer = await owner.post("/models/claude", json=body)
    assert (answer.status_code, answer.json()["code"]) == (502, "model_unreachable")


async def test_another_persons(person: MakePerson, stub: MessagesStub) -> None:
    ada = await person("ada")
    answer = await ada.client.post("/models/claude", json=endpoint(stub))
    assert (answer.status_code, answer.json()["code"]) == (403, "owner_only")
    assert (await ada.client.delete("/models/claude")).status_code == 403
    assert stub.requests == []
