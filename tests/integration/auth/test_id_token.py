"""ID tokens that a client brings: the provider's own count, and nothing else does."""

import base64
import hashlib
import json
import time
from collections.abc import AsyncGenerator, Iterator

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from integration.auth.conftest import MakeProduct
from integration.auth.http import Wire, code_of, someone, wire
from stubs.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as running:
        yield running


@pytest.fixture
async def ours(make_product: MakeProduct, provider: OpenIdProvider) -> AsyncGenerator[Wire]:
    known = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    providers = {"work": {**known, "issuer": provider.url}, "github": {**known, "base_url": provider.url}}
    found = wire(make_product(oauth_providers=providers))
    async with found.client:
        yield found


async def brought(ours: Wire, token: str, **more: object) -> httpx.Response:
    body = {"provider": "work", "id_token": token, **more}
    return await ours.post("/token?grant_type=id_token", body)


async def test_a_token_of_the_provider_signs_in(ours: Wire, provider: OpenIdProvider) -> None:
    email = someone("work")
    me = {"sub": "w1", "email": email, "email_verified": True, "name": "W"}
    first = (await brought(ours, provider.id_token(**me))).json()
    assert (first["user"]["email"], first["user"]["app_metadata"]["provider"]) == (email, "work")
    assert first["user"]["user_metadata"]["name"] == "W"
    by_issuer = await brought(ours, provider.id_token(**me), provider="", issuer=provider.url)
    assert by_issuer.json()["user"]["id"] == first["user"]["id"]
    assert (await ours.user(first["access_token"])).json()["email"] == email
    assert (await ours.refresh(first["refresh_token"])).status_code == 200


async def test_the_nonce_is_the_client_s(ours: Wire, provider: OpenIdProvider) -> None:
    hashed = hashlib.sha256(b"kept").hexdigest()
    me = {"sub": "n1", "email": someone("nonce")}
    assert (await brought(ours, provider.id_token(**me, nonce=hashed), nonce="kept")).status_code == 200
    for claim, nonce in ((hashed, ""), (hashed, "other"), (hashed, hashed), ("kept", "kept"), (None, "kept")):
        answer = await brought(ours, provider.id_token(**me, nonce=claim), nonce=nonce)
        assert code_of(answer) == (400, "validation_failed")
        assert answer.json()["error"] == "invalid request"
        assert "once" in answer.json()["message"]


async def test_tokens_for_others_or_of_another_time(ours: Wire, provider: OpenIdProvider) -> None:
    past = int(time.time()) - 3600
    for claims in (
        {"aud": "another"},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"aud": None},
        {"iss": "https://accounts.google.com"},
        {"iss": f"{provider.url}/"},
        {"iss": None},
        {"exp": past},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"sub": ""},
    ):
        assert code_of(await brought(ours, provider.id_token(**claims))) == (400, "validation_failed"), claims
    both = provider.id_token(aud=[CLIENT_ID, "another"], azp=CLIENT_ID, email=someone("azp"), sub="azp")
    assert (await brought(ours, both)).status_code == 200


async def test_forged_tokens(ours: Wire, provider: OpenIdProvider) -> None:
    true = provider.id_token()
    head, body, signature = true.split(".")
    claims = jwt.decode(true, options={"verify_signature": False})
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    other = base64.urlsafe_b64encode(json.dumps({**claims, "email": "boss@example.org"}).encode())
    confused = jwt.encode(claims, hashlib.sha256(provider.public_pem).digest(), "HS256", {"kid": "k1"})
    for forged in (
        jwt.encode(claims, stranger, "RS256", {"kid": "k1"}),
        jwt.encode(claims, stranger, "RS256", {"kid": "k2"}),
        jwt.encode(claims, stranger, "RS256"),
        jwt.encode(claims, "", "none"),
        confused,
        f"{head}.{other.rstrip(b'=').decode()}.{signature}",
        f"{head}.{body}.",
        "no token",
        "..",
        "é.é.é",
    ):
        assert code_of(await brought(ours, forged)) == (400, "validation_failed"), forged
    assert code_of(await brought(ours, "x" * 20_000)) == (400, "validation_failed")


async def test_an_access_token_of_another_sign_in(ours: Wire, provider: OpenIdProvider) -> None:
    half = hashlib.sha256(b"theirs").digest()[:16]
    at_hash = base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    token = provider.id_token(at_hash=at_hash, email=someone("at"), sub="at")
    assert (await brought(ours, token, access_token="theirs")).status_code == 200
    assert code_of(await brought(ours, token, access_token="mine")) == (400, "validation_failed")


async def test_an_address_that_the_provider_has_not_verified(ours: Wire, provider: OpenIdProvider) -> None:
    email = someone("victim")
    await ours.sign_up(email)
    token = provider.id_token(sub="attacker", email=email, email_verified=False)
    assert code_of(await brought(ours, token)) == (422, "provider_email_needs_verification")


async def test_only_configured_providers(ours: Wire, open_wire: Wire, provider: OpenIdProvider) -> None:
    token = provider.id_token()
    for name in ("github", "google", "nobody"):
        assert code_of(await brought(ours, token, provider=name)) == (400, "provider_disabled")
    assert code_of(await brought(ours, token, provider="", issuer="https://x")) == (400, "provider_disabled")
    assert code_of(await brought(open_wire, token)) == (400, "provider_disabled")
    assert code_of(await brought(ours, "")) == (400, "validation_failed")
