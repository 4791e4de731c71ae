"""How often: refusals come as 429, and alike whether there is an account or not."""

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
