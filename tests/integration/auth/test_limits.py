"""How often: refusals come as 429, and alike whether there is an account or not."""

import asyncio
from collections import Counter

import httpx
import pytest

from integration.auth.conftest import MakeProduct
from integration.auth.http import PASSWORD, code_of, someone, wire


@pytest.fixture(scope="module")
def limits_product(make_product: MakeProduct):
    return make_product(auth_rate=1.0)


async def test_passwords_of_an_account(limits_product) -> None:
    found = wire(limits_product)
    async with found.client:
        for email in (someone("unknown"), (await found.sign_up())["user"]["email"]):
            tries = [code_of(await found.sign_in(email, "not this one")) for _ in range(11)]
            assert tries == [(400, "invalid_credentials")] * 10 + [(429, "over_request_rate_limit")]
        last = await found.sign_in(email, PASSWORD)
        assert last.status_code == 429
        assert int(last.headers["retry-after"]) > 0


async def test_one_address_holds_up_no_other(limits_product) -> None:
    found = wire(limits_product)
    elsewhere = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
    flood = httpx.AsyncClient(
        base_url=found.client.base_url, headers=found.client.headers, transport=elsewhere, timeout=60
    )

    async def bogus() -> httpx.Response:
        said = {"email": someone("flood"), "password": "not this one"}
        return await flood.post("/token?grant_type=password", json=said)

    async with found.client, flood:
        email = (await found.sign_up())["user"]["email"]
        tries = [asyncio.create_task(bogus()) for _ in range(55)]
        await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)
        assert (await found.sign_in(email)).status_code == 200
        assert len([t for t in tries if not t.done()]) > 5
        codes = Counter(code_of(answer) for answer in await asyncio.gather(*tries))
    assert set(codes) == {(400, "invalid_credentials"), (429, "over_request_rate_limit")}


async def test_mails_to_an_address(limits_product) -> None:
    found = wire(limits_product)
    async with found.client:
        known = (await found.sign_up())["user"]["email"]
        for email in (known, someone("unknown")):
            tries = [code_of_or_ok(await found.post("/recover", {"email": email})) for _ in range(5)]
            assert tries == ["ok"] * 4 + ["over_email_send_rate_limit"]


async def test_addresses_that_a_user_asks_for(limits_product) -> None:
    found = wire(limits_product)
    async with found.client:
        taken = (await found.sign_up())["user"]["email"]
        token = {"Authorization": f"Bearer {(await found.sign_up())['access_token']}"}
        answers = [await found.client.put("/user", json={"email": taken}, headers=token) for _ in range(7)]
    assert [code_of(a) for a in answers[5:]] == [
        (422, "email_exists"),
        (429, "over_email_send_rate_limit"),
    ]


def code_of_or_ok(answer) -> str:
    return "ok" if answer.is_success else answer.json()["code"]
