"""Tokens for scripts, through the API's door."""

import asyncio

from integration.api.conftest import MakePerson, Team
from integration.api.product import Product
from oryxforge.domain.errors import Unauthenticated


async def test_a_script_does_what_its_person_does(product: Product, person: MakePerson) -> None:
    ada = await person("ada")
    made = await ada.client.post("/tokens", json={"name": "Nightly", "days": 30})
    assert made.status_code == 201, made.text
    secret = made.json()["token"]
    async with product.client(secret) as script:
        assert (await script.get("/me")).json()["id"] == str(ada.id)
        assert (await script.post("/projects", json={"name": "By a script"})).status_code == 201
    listed = (await ada.client.get("/tokens")).json()["tokens"]
    assert [(t["name"], t["last_four"]) for t in listed] == [("Nightly", secret[-4:])]
    assert "token" not in listed[0]


async def test_revoked_it_opens_nothing_at_once(product: Product, person: MakePerson) -> None:
    ada = await person("ada")
    made = (await ada.client.post("/tokens", json={"name": "Nightly"})).json()
    async with product.client(made["token"]) as script:
        assert (await script.get("/projects")).status_code == 200
        assert (await ada.client.delete(f"/tokens/{made['id']}")).status_code == 204
        refused = await script.get("/projects")
        assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")
    assert (await ada.client.delete(f"/tokens/{made['id']}")).status_code == 404


async def test_a_script_makes_no_tokens_and_sets_no_model(product: Product, person: MakePerson) -> None:
    ada = await person("ada")
    made = (await ada.client.post("/tokens", json={"name": "Nightly"})).json()
    async with product.client(made["token"]) as script:
        refused = await script.post("/tokens", json={"name": "Another"})
        assert (refused.status_code, refused.json()["code"]) == (403, "token_needs_person")
        body = {"provider": "anthropic", "secret": "sk-ant-0123456789"}
        assert (await script.post("/models/claude", json=body)).status_code == 403


async def test_row_level_security_holds(product: Product, team: Team) -> None:
    made = (await team.viewer.client.post("/tokens", json={"name": "Look"})).json()
    other = (await team.stranger.client.post("/tokens", json={"name": "Look"})).json()
    async with product.client(made["token"]) as viewer, product.client(other["token"]) as stranger:
        assert (await viewer.get(f"/projects/{team.project}")).status_code == 200
        assert (await viewer.patch(f"/projects/{team.project}", json={"name": "Mine"})).status_code == 403
        assert (await stranger.get(f"/projects/{team.project}")).status_code == 404
        assert (await stranger.delete(f"/tokens/{made['id']}")).status_code == 404


async def test_a_token_of_somebody_deleted(product: Product, person: MakePerson) -> None:
    ada = await person("ada")
    made = (await ada.client.post("/tokens", json={"name": "Look"})).json()
    accounts = product.api.services.accounts
    assert accounts is not None
    await product.within(lambda: accounts.delete(ada.email))
    verifier = product.api.services.verifier
    try:
        await product.within(lambda: verifier.verify(made["token"]))
    except Unauthenticated as error:
        assert error.code == "token_invalid"
    else:
        raise AssertionError("a token outlived its person")


async def test_odd_ones_are_refused(product: Product) -> None:
    async def status(token: str) -> int:
        async with product.client(token) as client:
            return (await client.get("/projects")).status_code

    assert set(await asyncio.gather(*map(status, ["oryx_", "oryx_x", "oryx_' or 1=1 --"]))) == {401}
