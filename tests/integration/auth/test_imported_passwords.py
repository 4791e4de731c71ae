"""Accounts that come with a hash of their password, from another server: `password_hash` of the admin calls."""

import asyncio

import argon2
import bcrypt
import httpx
import psycopg
import pytest

from integration.api.product import Product
from integration.auth.http import PASSWORD, Wire, code_of, someone


def by_bcrypt(version: str, password: str = PASSWORD) -> str:
    made = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()
    return made.replace("$2b$", f"${version}$", 1)


def by_argon2(kind: argon2.Type) -> str:
    return argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1, type=kind).hash(PASSWORD)


async def create(wire: Wire, **body: object) -> httpx.Response:
    told = {"email_confirm": True, **body}
    return await wire.post("/admin/users", told, apikey=wire.keys.secret)


def kept_of(product: Product, email: str) -> str:
    url = product.settings.database_auth_url
    assert url is not None
    with psycopg.connect(url.get_secret_value()) as db:
        row = db.execute("select encrypted_password from auth.users where email = %s", (email,)).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    "made",
    [*(by_bcrypt(v) for v in ("2a", "2b", "2y")), by_argon2(argon2.Type.ID), by_argon2(argon2.Type.I)],
    ids=["2a", "2b", "2y", "argon2id", "argon2i"],
)
async def test_a_hash_counts_and_is_made_anew(open_wire: Wire, open_product: Product, made: str) -> None:
    email = someone("imported")
    assert (await create(open_wire, email=email, password_hash=made)).is_success
    assert code_of(await open_wire.sign_in(email, "not this one")) == (400, "invalid_credentials")
    assert kept_of(open_product, email) == made
    assert (await open_wire.sign_in(email)).is_success
    kept = kept_of(open_product, email)
    assert kept.startswith("$argon2id$")
    assert not argon2.PasswordHasher().check_needs_rehash(kept)
    assert (await open_wire.sign_in(email)).is_success
    assert kept_of(open_product, email) == kept


async def test_first_sign_ins_at_once(open_wire: Wire) -> None:
    email = someone("imported")
    assert (await create(open_wire, email=email, password_hash=by_bcrypt("2b"))).is_success
    answers = await asyncio.gather(*(open_wire.sign_in(email) for _ in range(6)))
    assert [a.status_code for a in answers] == [200] * 6


async def test_a_password_of_more_than_bcrypt_reads(open_wire: Wire) -> None:
    email, long = someone("long"), "a long enough one, " * 6
    assert (await create(open_wire, email=email, password_hash=by_bcrypt("2b", long))).is_success
    for _ in range(2):
        assert (await open_wire.sign_in(email, long)).is_success


async def test_a_hash_for_somebody_who_is_there(open_wire: Wire) -> None:
    email = someone("moved")
    session = await open_wire.sign_up(email, password="another long one")
    answer = await open_wire.client.put(
        f"/admin/users/{session['user']['id']}",
        json={"password_hash": by_bcrypt("2b")},
        headers={"apikey": open_wire.keys.secret},
    )
    assert answer.is_success
    assert (await open_wire.refresh(session["refresh_token"])).status_code == 400
    assert (await open_wire.sign_in(email)).is_success


@pytest.mark.parametrize(
    "made",
    [
        "plain text",
        "$fbscrypt$v=1,n=14,r=8,p=1,ss=x,sk=x$x$x",
        "$2b$31$" + "." * 53,
        "$2b$10$" + "." * 52,
        "$2b$10$" + "x" * 53,
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$Zm9v",
        "$argon2id$v=19$m=8388608,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43,
        "$argon2id$v=19$m=64,t=4294967295,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43,
        "$argon2id$é",
    ],
)
async def test_what_cannot_be_checked_is_refused(open_wire: Wire, made: str) -> None:
    answer = await create(open_wire, email=someone(), password_hash=made)
    assert code_of(answer) == (422, "validation_failed")


async def test_a_password_and_a_hash(open_wire: Wire) -> None:
    both = await create(open_wire, email=someone(), password=PASSWORD, password_hash=by_bcrypt("2b"))
    assert code_of(both) == (400, "validation_failed")
