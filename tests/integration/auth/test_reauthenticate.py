"""A new password where `ORYXFORGE_AUTH_REAUTHENTICATE` asks for a code: of sessions older than a day."""

from typing import Any

import httpx
import psycopg

from integration.api.product import Product
from integration.auth.http import PASSWORD, Wire, code_of, someone

OTHER = "a quite different one"


async def confirmed(wire: Wire) -> tuple[str, dict[str, Any]]:
    """An address and the session that its mail gave."""
    email = someone()
    await wire.sign_up(email)
    return email, (await wire.post("/verify", await code(wire, email, "signup"))).json()


async def code(wire: Wire, email: str, kind: str) -> dict[str, str]:
    """What a client sends for the last mail of a kind."""
    mail = next(m for m in await wire.mails() if (m["recipient"], m["kind"]) == (email, kind))
    return {"type": kind, "email": email, "token": mail["code"]}


async def change(wire: Wire, session: dict[str, Any], **body: str) -> httpx.Response:
    mine = {"Authorization": f"Bearer {session['access_token']}"}
    return await wire.client.put("/user", json=body, headers=mine)


def age_sessions(product: Product, user_id: str) -> None:
    """As if the user had signed in yesterday."""
    url = product.settings.database_auth_url
    assert url is not None
    with psycopg.connect(url.get_secret_value(), autocommit=True) as db:
        db.execute(
            "update auth.sessions set created_at = created_at - interval '25 hours' where user_id = %s",
            (user_id,),
        )


async def test_a_recovery_needs_no_code(mailing_wire: Wire) -> None:
    email, _ = await confirmed(mailing_wire)
    await mailing_wire.post("/recover", {"email": email})
    session = (await mailing_wire.post("/verify", await code(mailing_wire, email, "recovery"))).json()
    assert (await change(mailing_wire, session, password=OTHER)).is_success
    assert (await mailing_wire.sign_in(email, OTHER)).is_success


async def test_an_old_session_needs_a_code(mailing_wire: Wire, mailing_product: Product) -> None:
    email, session = await confirmed(mailing_wire)
    age_sessions(mailing_product, session["user"]["id"])
    session = (await mailing_wire.refresh(session["refresh_token"])).json()
    refused = await change(mailing_wire, session, password=OTHER)
    assert code_of(refused) == (400, "reauthentication_needed")
    assert (await mailing_wire.sign_in(email, PASSWORD)).is_success
    mine = {"Authorization": f"Bearer {session['access_token']}"}
    assert (await mailing_wire.client.get("/reauthenticate", headers=mine)).is_success
    nonce = (await code(mailing_wire, email, "reauthentication"))["token"]
    assert (await change(mailing_wire, session, password=OTHER, nonce=nonce)).is_success
    assert (await mailing_wire.sign_in(email, OTHER)).is_success


async def test_an_old_guest_s_first_password_needs_none(mailing_wire: Wire, mailing_product: Product) -> None:
    session = (await mailing_wire.post("/signup", {})).json()
    age_sessions(mailing_product, session["user"]["id"])
    assert (await change(mailing_wire, session, email=someone(), password=PASSWORD)).is_success
