"""The local owner: their link and their token are sessions like any other."""

import psycopg
import pytest

from integration.api.product import Product
from integration.auth.http import Wire, code_of, someone
from oryxforge.bootstrap.accounts import OWNER_EMAIL
from oryxforge.ports.accounts import Session


@pytest.fixture
async def link(open_product: Product) -> str:
    accounts = open_product.api.services.accounts
    assert accounts is not None
    await open_product.within(lambda: accounts.ensure_owner(OWNER_EMAIL))
    return await open_product.within(lambda: accounts.make_link(60))


async def test_the_link_gives_a_whole_session(open_wire: Wire, link: str) -> None:
    session = (await open_wire.post("/signin-link", {"token": link})).json()
    assert {"access_token", "refresh_token", "expires_in", "expires_at", "token_type", "user"} <= set(session)
    user = (await open_wire.user(session["access_token"])).json()
    assert (user["email"], user["app_metadata"]["oryxforge_owner"]) == (OWNER_EMAIL, True)
    refreshed = (await open_wire.refresh(session["refresh_token"])).json()
    assert refreshed["expires_in"] == 3600
    out = await open_wire.client.post(
        "/logout", headers={"Authorization": f"Bearer {refreshed['access_token']}"}
    )
    assert out.status_code == 204
    assert code_of(await open_wire.refresh(refreshed["refresh_token"])) == (400, "refresh_token_not_found")
    assert code_of(await open_wire.user(session["access_token"])) == (403, "session_not_found")


async def test_the_outbox_is_shown_to_the_owner(open_wire: Wire, link: str) -> None:
    email = someone()
    await open_wire.post("/otp", {"email": email})
    session = (await open_wire.post("/signin-link", {"token": link})).json()
    answer = await open_wire.client.get(
        "/outbox", headers={"Authorization": f"Bearer {session['access_token']}"}
    )
    mail = next(m for m in answer.json()["mails"] if m["recipient"] == email)
    assert mail["kind"] == "magiclink"
    assert mail["link"] in mail["body"]
    assert mail["code"] in mail["body"]


async def test_a_token_for_scripts_is_a_session_without_a_successor(
    open_wire: Wire, open_product: Product, link: str
) -> None:
    accounts = open_product.api.services.accounts
    assert accounts is not None
    session: Session = await open_product.within(lambda: accounts.token(None, 120))
    assert session.refresh_token == ""
    assert (await open_wire.user(session.access_token)).json()["email"] == OWNER_EMAIL


async def test_the_owner_stays(open_wire: Wire, link: str) -> None:
    session = (await open_wire.post("/signin-link", {"token": link})).json()
    answer = await open_wire.client.delete(
        f"/admin/users/{session['user']['id']}", headers={"apikey": open_wire.keys.secret}
    )
    assert code_of(answer) == (422, "validation_failed")


async def test_the_outbox_keeps_a_hundred(open_wire: Wire, open_product: Product) -> None:
    url = open_product.settings.database_auth_url
    assert url is not None
    with psycopg.connect(url.get_secret_value(), autocommit=True) as db:
        db.execute(
            "insert into auth.outbox (recipient, kind, subject, body) select 'x@y.org', 'x', 'x', 'x' from generate_series(1, 150)"
        )
    await open_wire.post("/otp", {"email": someone()})
    assert len(await open_wire.mails()) == 100
    with psycopg.connect(url.get_secret_value()) as db:
        assert db.execute("select count(*) from auth.outbox").fetchone() == (100,)
