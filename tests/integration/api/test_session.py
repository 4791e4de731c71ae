"""Sign-in by the one-time link, keys, and who is signed in."""

import asyncio
import time

import httpx
import jwt
import pytest

from integration.api.conftest import MakePerson
from integration.api.product import Product
from oryxforge.bootstrap.accounts import OWNER_EMAIL


@pytest.fixture
async def link(product: Product) -> str:
    accounts = product.api.services.accounts
    assert accounts is not None
    await product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    return await product.within(lambda: accounts.make_link(60))


async def test_a_link_signs_in_once(product: Product, link: str) -> None:
    async with product.client() as browser:
        assert (await browser.get("/", params={"token": link})).status_code == 200
        answer = await browser.post("/auth/v1/signin-link", json={"token": link})
        session = answer.json()
        assert (session["token_type"], session["user"]["email"]) == ("bearer", OWNER_EMAIL)
        assert session["expires_at"] > time.time()
        me = await browser.get("/me", headers={"Authorization": f"Bearer {session['access_token']}"})
        assert me.json() == {"id": session["user"]["id"], "email": OWNER_EMAIL, "is_owner": True}
        again = await browser.post("/auth/v1/signin-link", json={"token": link})
        assert (again.status_code, again.json()["code"]) == (401, "link_invalid")


async def test_of_many_who_use_a_link_one_gets_in(product: Product, link: str) -> None:
    async with product.client() as browser:
        tries = [browser.post("/auth/v1/signin-link", json={"token": link}) for _ in range(8)]
        statuses = [a.status_code for a in await asyncio.gather(*tries)]
    assert sorted(statuses) == [200] + [401] * 7


@pytest.mark.parametrize("token", ["wrong", "x" * 400])
async def test_a_link_that_never_was(product: Product, token: str) -> None:
    async with product.client() as browser:
        answer = await browser.post("/auth/v1/signin-link", json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == (401, "link_invalid")


async def test_the_keys_verify_our_tokens(product: Product, person: MakePerson) -> None:
    ada = await person("ada")
    async with product.client() as anybody:
        keys = (await anybody.get("/auth/v1/.well-known/jwks.json")).json()["keys"]
    token = ada.client.headers["authorization"].removeprefix("Bearer ")
    assert all("d" not in k for k in keys)
    claims = jwt.decode(token, jwt.PyJWK(keys[0]).key, ["ES256"], audience="authenticated")
    assert claims["sub"] == str(ada.id)


async def test_a_token_does_not_outlive_its_account(product: Product, person: MakePerson) -> None:
    gone = await person("gone")
    accounts = product.api.services.accounts
    assert accounts is not None
    await product.within(lambda: accounts.delete(gone.email))
    for path in ("/me", "/projects"):
        answer = await gone.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "user_gone")


async def test_accounts_that_are_kept_elsewhere(product: Product) -> None:
    with product.replaced(accounts=None, jwks=None):
        async with product.client() as anybody:
            for answer in (
                await anybody.post("/auth/v1/signin-link", json={"token": "x"}),
                await anybody.get("/auth/v1/.well-known/jwks.json"),
            ):
                assert (answer.status_code, answer.json()["code"]) == (404, "accounts_elsewhere")


async def test_health_and_the_page_s_settings(product: Product) -> None:
    async with product.client() as anybody:
        assert (await anybody.get("/health/live")).json() == {"status": "ok"}
        ready = await anybody.get("/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "ok")
        assert ready.json()["checks"]["database"] == "ok"
        config = (await anybody.get("/config.json")).json()
    assert config["default_agent"] == "scripted"
    assert (config["supabase_url"], config["hosted"]) == (product.url, False)


async def test_not_ready(product: Product) -> None:
    class Sick:
        async def ready(self) -> dict[str, str]:
            return {"database": "The database does not answer.", "files": "ok"}

    with product.replaced(health=Sick()):
        async with product.client() as anybody:
            answer: httpx.Response = await anybody.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert answer.json()["checks"]["database"] == "The database does not answer."
