"""Accounts that somebody else has signed up for: their password and words never outlive the owner's own mail."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

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


@pytest.mark.parametrize("first", [PASSWORD, OTHER])
async def test_of_two_passwords_neither_counts(mailing_wire: Wire, first: str) -> None:
    """Whichever of the two came first may be the attacker's, and the victim can't tell their mails apart."""
    email, second = someone("victim"), OTHER if first == PASSWORD else PASSWORD
    await mailing_wire.sign_up(email, password=first, data={"name": "the first"})
    await mailing_wire.sign_up(email, password=second, data={"name": "the second"})
    newer, older = await mails_to(mailing_wire, email)
    assert "no password counts" in newer["body"]
    assert "no password counts" not in older["body"]
    assert "error=access_denied" in (await follow(mailing_wire, older["link"])).headers["location"]
    landed = (await follow(mailing_wire, newer["link"])).headers["location"]
    for password in (first, second):
        assert code_of(await mailing_wire.sign_in(email, password)) == (400, "invalid_credentials")
    token = parse_qs(urlsplit(landed).fragment)["access_token"][0]
    assert (await only(mailing_wire, email))["user_metadata"] == {}
    mine = {"Authorization": f"Bearer {token}"}
    answer = await mailing_wire.client.put("/user", json={"password": "set by the owner"}, headers=mine)
    assert answer.status_code == 200
    assert (await mailing_wire.sign_in(email, "set by the owner")).status_code == 200


async def test_a_third_sign_up_brings_no_password_back(mailing_wire: Wire) -> None:
    email = someone("victim")
    for password in (PASSWORD, OTHER, OTHER):
        await mailing_wire.sign_up(email, password=password)
    await follow(mailing_wire, (await mails_to(mailing_wire, email))[0]["link"])
    assert code_of(await mailing_wire.sign_in(email, OTHER)) == (400, "invalid_credentials")


async def test_who_signs_up_again_with_the_same_password_keeps_it(mailing_wire: Wire) -> None:
    email = someone("patient")
    await mailing_wire.sign_up(email, data={"name": "me"})
    await mailing_wire.sign_up(email)
    again, _ = await mails_to(mailing_wire, email)
    assert "no password counts" not in again["body"]
    await follow(mailing_wire, again["link"])
    assert (await mailing_wire.sign_in(email)).json()["user"]["user_metadata"] == {"name": "me"}


async def test_two_at_once_never_leave_the_password_of_one(mailing_wire: Wire) -> None:
    email = someone("victim")
    await asyncio.gather(*(mailing_wire.sign_up(email, password=p) for p in (PASSWORD, OTHER)))
    code = (await mails_to(mailing_wire, email))[0]["code"]
    told = await mailing_wire.post("/verify", {"type": "signup", "email": email, "token": code})
    assert told.status_code == 200
    for password in (PASSWORD, OTHER):
        assert code_of(await mailing_wire.sign_in(email, password)) == (400, "invalid_credentials")


async def test_a_password_is_no_sign_up_of_who_asked_for_a_link(mailing_wire: Wire) -> None:
    email = someone("linked")
    await mailing_wire.post("/otp", {"email": email})
    await mailing_wire.sign_up(email)
    await follow(mailing_wire, (await mails_to(mailing_wire, email))[0]["link"])
    assert code_of(await mailing_wire.sign_in(email)) == (400, "invalid_credentials")


async def test_a_change_to_a_taken_address_tells_nothing(mailing_wire: Wire) -> None:
    me, taken, free = (someone(n) for n in ("me", "taken", "free"))
    for email in (me, taken):
        await mailing_wire.sign_up(email)
        await follow(mailing_wire, (await mails_to(mailing_wire, email))[0]["link"])
    session = (await mailing_wire.sign_in(me)).json()
    mine = {"Authorization": f"Bearer {session['access_token']}"}
    told: list[dict[str, Any]] = []
    for wanted in (taken, free):
        answer = await mailing_wire.client.put("/user", json={"email": wanted}, headers=mine)
        assert answer.status_code == 200
        assert answer.json()["new_email"] == wanted
        told.append(answer.json())
        seen = (await mailing_wire.client.get("/user", headers=mine)).json()
        assert seen["new_email"] == wanted
    assert [t.keys() for t in told] == [told[0].keys()] * 2
    assert [m["kind"] for m in await mails_to(mailing_wire, taken)] == ["signup"]
    assert [m["kind"] for m in await mails_to(mailing_wire, free)] == ["email_change"]
    assert [m["kind"] for m in await mails_to(mailing_wire, me)].count("email_change") == 2


async def test_a_change_to_a_taken_address_never_comes_about(mailing_wire: Wire) -> None:
    me, taken = someone("me"), someone("taken")
    for email in (me, taken):
        await mailing_wire.sign_up(email)
        await follow(mailing_wire, (await mails_to(mailing_wire, email))[0]["link"])
    session = (await mailing_wire.sign_in(me)).json()
    mine = {"Authorization": f"Bearer {session['access_token']}"}
    free = someone("free")
    await mailing_wire.client.put("/user", json={"email": free}, headers=mine)
    of_free = (await mails_to(mailing_wire, free))[0]["link"]
    await mailing_wire.client.put("/user", json={"email": taken}, headers=mine)
    assert "error=access_denied" in (await follow(mailing_wire, of_free)).headers["location"]
    await follow(mailing_wire, (await mails_to(mailing_wire, me))[0]["link"])
    assert (await mailing_wire.client.get("/user", headers=mine)).json()["email"] == me
    assert (await mailing_wire.sign_in(taken)).status_code == 200


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
