"""Accounts that somebody else has signed up for: their password and words never outlive the owner's own mail."""

from typing import Any
from urllib.parse import urlsplit

import httpx

from integration.auth.http import PASSWORD, Wire, code_of, someone

OTHER = "a quite different one"


async def mails_to(wire: Wire, email: str) -> list[dict[str, Any]]:
    """Newest first."""
    return [m for m in await wire.mails() if m["recipient"] == email]


async def follow(wire: Wire, link: str) -> httpx.Response:
    return await wire.client.get(f"/verify?{urlsplit(link).query}")


async def invite(wire: Wire, email: str, **data: object) -> None:
    secret = {"apikey": wire.keys.secret}
    assert (await wire.post("/invite", {"email": email, "data": data}, **secret)).is_success


async def only(wire: Wire, email: str) -> dict[str, Any]:
    """The user of an address, as the secret key sees them."""
    answer = await wire.client.get("/admin/users?per_page=1000", headers={"apikey": wire.keys.secret})
    return next(u for u in answer.json()["users"] if u["email"] == email)


async def test_the_second_sign_up_is_the_one_that_its_mail_confirms(mailing_wire: Wire) -> None:
    email = someone("victim")
    await mailing_wire.sign_up(email, data={"name": "the first"})
    await mailing_wire.sign_up(email, password=OTHER, data={"name": "the second"})
    second, first = await mails_to(mailing_wire, email)
    assert "error=access_denied" in (await follow(mailing_wire, first["link"])).headers["location"]
    assert "access_token" in (await follow(mailing_wire, second["link"])).headers["location"]
    assert code_of(await mailing_wire.sign_in(email, PASSWORD)) == (400, "invalid_credentials")
    session = (await mailing_wire.sign_in(email, OTHER)).json()
    assert session["user"]["user_metadata"] == {"name": "the second"}


async def test_an_invitation_drops_what_was_signed_up_with(mailing_wire: Wire) -> None:
    email = someone("boss")
    await mailing_wire.sign_up(email, data={"name": "not the boss"})
    await invite(mailing_wire, email, name="the boss")
    invitation, first = await mails_to(mailing_wire, email)
    assert "error=access_denied" in (await follow(mailing_wire, first["link"])).headers["location"]
    assert "access_token" in (await follow(mailing_wire, invitation["link"])).headers["location"]
    assert code_of(await mailing_wire.sign_in(email)) == (400, "invalid_credentials")
    assert (await only(mailing_wire, email))["user_metadata"] == {"name": "the boss"}


async def test_a_sign_up_after_an_invitation_brings_no_password(mailing_wire: Wire) -> None:
    email = someone("boss")
    await invite(mailing_wire, email, name="the boss")
    told = await mailing_wire.sign_up(email, data={"name": "not the boss"})
    assert "invited_at" not in told
    signup, invitation = await mails_to(mailing_wire, email)
    assert signup["kind"] == "signup"
    for mail in (signup, invitation):
        assert "access_token" in (await follow(mailing_wire, mail["link"])).headers["location"]
        assert code_of(await mailing_wire.sign_in(email)) == (400, "invalid_credentials")
    assert (await only(mailing_wire, email))["user_metadata"] == {"name": "the boss"}


def without_ids(told: dict[str, Any], email: str) -> str:
    """A user as text, with what differs between any two of them taken out; the order of keys stays."""
    text, times = str(told).replace(email, "EMAIL"), sorted({v for k, v in told.items() if k.endswith("_at")})
    for number, time in enumerate(times):
        text = text.replace(time, f"time {number}")
    for made in (told["id"], told["identities"][0]["identity_id"]):
        text = text.replace(made, "ID")
    return text


async def test_a_sign_up_tells_nobody_who_has_an_account(mailing_wire: Wire) -> None:
    data = {"zz": 1e2, "a": 1.50, "longer": {"b": [1, None], "ab": True}, "null": None}
    emails = {name: someone(name) for name in ("new", "waiting", "known")}
    await mailing_wire.sign_up(emails["waiting"])
    await mailing_wire.sign_up(emails["known"])
    link = (await mails_to(mailing_wire, emails["known"]))[0]["link"]
    await follow(mailing_wire, link)
    told = {name: await mailing_wire.sign_up(email, data=data) for name, email in emails.items()}
    assert len({without_ids(told[name], emails[name]) for name in told}) == 1, told
    again = {name: await mailing_wire.sign_up(email) for name, email in emails.items()}
    assert all(told[name]["id"] != again[name]["id"] for name in told)
