"""What must not work: forged and stale tokens, probing for accounts, redirects elsewhere, fields with SQL in them."""

import asyncio
import base64
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt
import psycopg
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integration.api.product import Product
from integration.auth.http import PASSWORD, Wire, code_of, someone
from oryxforge.adapters.supabase.tokens import SigningKey, load_or_create_key


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts) + "."
    )


def age_used_tokens(product: Product, seconds: int = 60) -> None:
    """As if the used refresh tokens had been used a while ago."""
    url = product.settings.database_auth_url
    assert url is not None
    with psycopg.connect(url.get_secret_value(), autocommit=True) as db:
        db.execute(
            "update auth.refresh_tokens set updated_at = updated_at - make_interval(secs => %s) where revoked",
            (seconds,),
        )


async def test_forged_tokens(open_wire: Wire, open_product: Product) -> None:
    session = await open_wire.sign_up()
    claims = claims_of(session["access_token"])
    key = load_or_create_key(open_product.settings.key_file)
    stranger = SigningKey(ec.generate_private_key(ec.SECP256R1()), key.kid)
    public = jwt.PyJWK(key.jwk).key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    confused = json.dumps({"alg": "HS256", "typ": "JWT", "kid": key.kid}).encode()
    hs256 = jwt.api_jws.PyJWS().get_algorithm_by_name("HS256")
    body = b".".join(
        base64.urlsafe_b64encode(p).rstrip(b"=") for p in (confused, json.dumps(claims).encode())
    )
    signature = base64.urlsafe_b64encode(hs256.sign(body, public)).rstrip(b"=")
    head, payload, signed = session["access_token"].split(".")
    promoted = (
        base64.urlsafe_b64encode(json.dumps({**claims, "sub": str(uuid4())}).encode()).rstrip(b"=").decode()
    )
    for token in (
        unsigned(claims),
        stranger.sign(claims),
        b".".join((body, signature)).decode(),
        key.sign({**claims, "exp": int(time.time()) - 60}),
        key.sign({**claims, "iss": "https://elsewhere.example/auth/v1"}),
        key.sign({**claims, "aud": "another"}),
        key.sign({k: v for k, v in claims.items() if k != "exp"}),
        f"{head}.{promoted}.{signed}",
        f"{head}.{payload}.",
        "....",
        "é",
    ):
        header = {"Authorization": f"Bearer {token}".encode()}
        answer = await open_wire.client.get("/user", headers=header)
        assert code_of(answer) == (403, "bad_jwt"), token
    assert (await open_wire.user(session["access_token"])).status_code == 200


async def test_tokens_whose_session_or_user_is_no_more(open_wire: Wire, open_product: Product) -> None:
    session = await open_wire.sign_up()
    key = load_or_create_key(open_product.settings.key_file)
    claims = claims_of(session["access_token"])
    for changed in ({"session_id": str(uuid4())}, {"session_id": "x"}, {"session_id": None}):
        assert code_of(await open_wire.user(key.sign({**claims, **changed}))) == (403, "session_not_found")
    nobody = key.sign({**claims, "sub": str(uuid4())})
    assert code_of(await open_wire.user(nobody)) == (403, "user_not_found")
    other = claims_of((await open_wire.sign_up())["access_token"])
    mixed = key.sign({**claims, "session_id": other["session_id"]})
    assert code_of(await open_wire.user(mixed)) == (403, "session_not_found")


async def test_a_key_that_is_no_token(open_wire: Wire) -> None:
    assert code_of(await open_wire.client.get("/user")) == (401, "no_authorization")
    for key in ("sb_publishable_x", open_wire.keys.publishable):
        assert (await open_wire.user(key)).status_code == 401
    assert code_of(await open_wire.user(open_wire.keys.legacy("anon"))) == (403, "bad_jwt")
    known = jwt.encode(
        {"role": "service_role", "iss": "supabase-demo", "exp": 1_983_812_996},
        "super-secret-jwt-token-with-at-least-32-characters-long",
        algorithm="HS256",
    )
    answer = await open_wire.client.get(
        "/admin/users", headers={"apikey": known, "authorization": f"Bearer {known}"}
    )
    assert answer.status_code == 401


async def test_a_refresh_token_used_twice_ends_the_session(open_wire: Wire, open_product: Product) -> None:
    session = await open_wire.sign_up()
    first = (await open_wire.refresh(session["refresh_token"])).json()
    second = (await open_wire.refresh(first["refresh_token"])).json()
    age_used_tokens(open_product)
    again = await open_wire.refresh(session["refresh_token"])
    assert code_of(again) == (400, "refresh_token_already_used")
    for token in (session, first, second):
        assert code_of(await open_wire.refresh(token["refresh_token"])) == (400, "refresh_token_not_found")
    assert code_of(await open_wire.user(second["access_token"])) == (403, "session_not_found")


async def test_an_answer_that_was_lost_signs_nobody_out(open_wire: Wire, open_product: Product) -> None:
    """The token before the active one counts at any time, until the active one is used: its holder has only that."""
    session = await open_wire.sign_up()
    lost = (await open_wire.refresh(session["refresh_token"])).json()
    age_used_tokens(open_product, 3600)
    again = await asyncio.gather(*(open_wire.refresh(session["refresh_token"]) for _ in range(8)))
    assert {a.json()["refresh_token"] for a in again} == {lost["refresh_token"]}
    assert (await open_wire.user(again[0].json()["access_token"])).is_success
    following = (await open_wire.refresh(lost["refresh_token"])).json()
    assert following["refresh_token"] != lost["refresh_token"]
    age_used_tokens(open_product)
    older = await open_wire.refresh(session["refresh_token"])
    assert code_of(older) == (400, "refresh_token_already_used")
    assert code_of(await open_wire.refresh(following["refresh_token"])) == (400, "refresh_token_not_found")


async def test_an_old_token_and_its_successor_at_once(open_wire: Wire, open_product: Product) -> None:
    """A tab that has woken up beside one that goes on: both end with tokens that count."""
    session = await open_wire.sign_up()
    active = (await open_wire.refresh(session["refresh_token"])).json()
    age_used_tokens(open_product, 5)
    tokens = [session["refresh_token"], active["refresh_token"]] * 3
    answers = await asyncio.gather(*(open_wire.refresh(token) for token in tokens))
    assert {a.status_code for a in answers} == {200}
    for answer in answers:
        assert (await open_wire.refresh(answer.json()["refresh_token"])).is_success


async def test_many_tabs_at_once_get_one_successor(open_wire: Wire) -> None:
    session = await open_wire.sign_up()
    answers = await asyncio.gather(*(open_wire.refresh(session["refresh_token"]) for _ in range(12)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["refresh_token"] for a in answers}) == 1
    assert (await open_wire.refresh(answers[0].json()["refresh_token"])).status_code == 200


async def test_a_chain_within_the_window(open_wire: Wire) -> None:
    """A tab that comes late, but within the window, is brought to where the others are."""
    token = (await open_wire.sign_up())["refresh_token"]
    tokens = [token]
    for _ in range(3):
        token = (await open_wire.refresh(token)).json()["refresh_token"]
        tokens.append(token)
    assert len(set(tokens)) == 4
    assert (await open_wire.refresh(tokens[0])).json()["refresh_token"] == tokens[3]


async def test_refresh_tokens_are_kept_as_hashes(open_wire: Wire, open_product: Product) -> None:
    session = await open_wire.sign_up()
    url = open_product.settings.database_auth_url
    assert url is not None
    with psycopg.connect(url.get_secret_value()) as db:
        kept = {r[0] for r in db.execute("select token from auth.refresh_tokens")}
    assert session["refresh_token"] not in kept
    for token in list(kept)[:5]:
        assert (await open_wire.refresh(token)).status_code == 400


async def test_no_answer_tells_who_has_an_account(mailing_wire: Wire) -> None:
    email = someone("known")
    await mailing_wire.sign_up(email)
    code = next(m["code"] for m in await mailing_wire.mails() if m["recipient"] == email)
    assert (await mailing_wire.post("/verify", {"type": "signup", "email": email, "token": code})).is_success
    for path, body in (
        ("/token?grant_type=password", {"password": "not this one"}),
        ("/otp", {"create_user": False}),
        ("/otp", {}),
        ("/recover", {}),
        ("/resend", {"type": "signup"}),
        ("/resend", {"type": "email_change"}),
        ("/verify", {"type": "email", "token": "000000"}),
        ("/verify", {"type": "recovery", "token": "x"}),
    ):
        known = await mailing_wire.post(path, {**body, "email": email})
        unknown = await mailing_wire.post(path, {**body, "email": someone("unknown")})
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content), path


async def test_an_unknown_account_takes_as_long(open_wire: Wire) -> None:
    email = someone()
    await open_wire.sign_up(email)
    await open_wire.sign_in(someone(), "warm up, please")

    async def fastest(address: str) -> float:
        times: list[float] = []
        for _ in range(4):
            began = time.perf_counter()
            assert (await open_wire.sign_in(address, "not this one")).status_code == 400
            times.append(time.perf_counter() - began)
        return min(times)

    known, unknown = await fastest(email), await fastest(someone())
    assert unknown > known / 3


EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "https:evil.example",
    "http://127.0.0.1.evil.example/",
    "http://127.0.0.1@evil.example/",
    "http://localhost:{port}@evil.example/",
    "http://evil.example\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\.evil.example/",
    "http://127.0.0.1:{other}/",
    "http://127.0.0.66:{port}/steal",
    "http://[::1]:{port}/steal",
    "http://evil.localhost:{port}/steal",
    "https://127.0.0.1:{port}/",
    "javascript:alert(1)//127.0.0.1:{port}",
    "data:text/html,x",
    "http://localhost.evil.example:{port}/",
    "http://127.0.0.1:{port}\r\nSet-Cookie: a=b",
    "http:/127.0.0.1:{port}/",
    "http://[::1",
)


@pytest.mark.parametrize("target", EVIL)
async def test_a_link_leads_nowhere_else(mailing_wire: Wire, mailing_product: Product, target: str) -> None:
    port = urlsplit(mailing_product.url).port or 0
    wanted = target.format(port=port, other=port + 1)
    email = someone()
    answer = await mailing_wire.client.post("/otp", params={"redirect_to": wanted}, json={"email": email})
    assert answer.status_code == 200
    link = next(m["link"] for m in await mailing_wire.mails() if m["recipient"] == email)
    assert parse_qs(urlsplit(link).query)["redirect_to"] == [mailing_product.url]
    token = parse_qs(urlsplit(link).query)["token"][0]
    there = await mailing_wire.client.get(
        "/verify", params={"token": token, "type": "magiclink", "redirect_to": wanted}
    )
    assert there.status_code == 303
    assert there.headers["location"].startswith(f"{mailing_product.url}#access_token=")


async def test_a_host_header_makes_no_links(mailing_wire: Wire) -> None:
    email = someone()
    answer = await mailing_wire.post("/otp", {"email": email}, host="evil.example")
    assert answer.status_code == 421
    assert not [m for m in await mailing_wire.mails() if m["recipient"] == email]


@pytest.mark.parametrize(
    "host", ["127.0.0.66:{port}", "[::1]:{port}", "evil.localhost:{port}", "127.0.0.1:{other}", "localhost"]
)
async def test_a_host_of_another_program_makes_no_links(
    mailing_wire: Wire, mailing_product: Product, host: str
) -> None:
    port = urlsplit(mailing_product.url).port or 0
    email = someone()
    told = host.format(port=port, other=port + 1)
    assert (await mailing_wire.post("/otp", {"email": email}, host=told)).status_code == 200
    link = next(m["link"] for m in await mailing_wire.mails() if m["recipient"] == email)
    assert told not in link


async def test_addresses_in_any_case_are_one_account(open_wire: Wire) -> None:
    name = uuid4().hex[:8]
    first = await open_wire.sign_up(f"Ünï.{name}@Exämple.org")
    assert first["user"]["email"] == f"ünï.{name}@exämple.org"
    decomposed = f"U\u0308ni\u0308.{name}@exa\u0308mple.org"
    taken = await open_wire.post("/signup", {"email": decomposed, "password": PASSWORD})
    assert code_of(taken) == (422, "user_already_exists")
    assert (await open_wire.sign_in(f" ÜNÏ.{name}@EXÄMPLE.ORG ")).json()["user"]["id"] == first["user"]["id"]


@pytest.mark.parametrize(
    "email",
    [
        "a@b@c",
        "a b@c.org",
        "a@c.org\r\nBcc: d@e.org",
        "a@c.org\x00",
        "<a@c.org>",
        "a@c.org,b@c.org",
        "@c.org",
        "a@",
        "a@-c.org",
        "a\u202e@c.org",
        "a\u200b@c.org",
        "a" * 250 + "@c.org",
        "",
        " ",
    ],
)
async def test_what_is_no_address(open_wire: Wire, email: str) -> None:
    for path in ("/signup", "/otp", "/recover"):
        answer = await open_wire.post(path, {"email": email, "password": PASSWORD})
        assert code_of(answer) == (400, "validation_failed")


async def test_sql_in_fields_is_text(open_wire: Wire) -> None:
    evil = "'; drop table auth.users; -- $1 %s {x}"
    session = await open_wire.sign_up(data={evil: evil})
    assert session["user"]["user_metadata"] == {evil: evil}
    email = f"o'brien.{uuid4().hex[:8]}@example.org"
    assert (await open_wire.sign_up(email))["user"]["email"] == email
    assert code_of(await open_wire.sign_in("' or 1=1 --@example.org", evil)) == (400, "invalid_credentials")
    assert (await open_wire.refresh(evil)).status_code == 400
    assert (await open_wire.client.get("/verify", params={"token": evil, "type": evil})).status_code == 303


async def test_nobody_makes_themselves_more(open_wire: Wire) -> None:
    wanted = {
        "role": "service_role",
        "app_metadata": {"oryxforge_owner": True},
        "is_super_admin": True,
        "id": str(uuid4()),
        "email_confirmed_at": None,
    }
    session = await open_wire.sign_up(**wanted)
    token = {"Authorization": f"Bearer {session['access_token']}"}
    changed = (await open_wire.client.put("/user", json=wanted, headers=token)).json()
    for user in (session["user"], changed):
        assert (user["role"], user["app_metadata"]["provider"]) == ("authenticated", "email")
        assert "oryxforge_owner" not in user["app_metadata"]
        assert user["id"] != wanted["id"]
    assert claims_of(session["access_token"])["role"] == "authenticated"


async def test_the_outbox_is_the_owner_s(mailing_wire: Wire) -> None:
    session = await mailing_wire.post("/signup", {})
    token = session.json()["access_token"]
    answer = await mailing_wire.client.get("/outbox", headers={"Authorization": f"Bearer {token}"})
    assert code_of(answer) == (403, "not_admin")
    assert code_of(await mailing_wire.client.get("/outbox")) == (401, "no_authorization")


async def test_both_shapes_of_an_error(open_wire: Wire) -> None:
    new = await open_wire.sign_in(someone())
    assert new.headers["x-supabase-api-version"] == "2024-01-01"
    assert (new.json()["code"], new.json()["message"]) == ("invalid_credentials", "Invalid login credentials")
    open_wire.client.headers.pop("x-supabase-api-version")
    old = await open_wire.sign_in(someone())
    assert "x-supabase-api-version" not in old.headers
    assert old.json() == {
        "code": 400,
        "error_code": "invalid_credentials",
        "msg": "Invalid login credentials",
    }


async def test_no_key_no_entry(open_wire: Wire) -> None:
    open_wire.client.headers.pop("apikey")
    for path in ("/signup", "/token?grant_type=password", "/otp", "/recover"):
        assert code_of(await open_wire.post(path, {"email": someone()})) == (401, "no_api_key")


async def test_a_secret_key_in_an_address(open_wire: Wire) -> None:
    open_wire.client.headers.pop("apikey")
    for key in (open_wire.keys.secret, open_wire.keys.legacy("service_role")):
        for path in ("/admin/users", "/settings"):
            answer = await open_wire.client.get(path, params={"apikey": key})
            assert code_of(answer) == (401, "bad_api_key")
    known = await open_wire.client.get("/settings", params={"apikey": open_wire.keys.publishable})
    assert known.is_success


async def test_a_look_alike_is_the_address_it_looks_like(open_wire: Wire) -> None:
    name = uuid4().hex
    await open_wire.sign_up(f"o{name}@example.org")
    taken = await open_wire.post("/signup", {"email": f"\uff4f{name}@example.org", "password": PASSWORD})
    assert code_of(taken) == (422, "user_already_exists")
