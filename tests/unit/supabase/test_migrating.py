"""A hosted project with published keys and a shared secret: each token by what its kind is signed with."""

import json
import time
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import HMACAlgorithm
from jwt.utils import base64url_encode

from oryxforge.adapters.supabase.jwks import JwksVerifier
from oryxforge.adapters.supabase.migrating import MigratingVerifier
from oryxforge.adapters.supabase.tokens import (
    SecretVerifier,
    SigningKey,
    access_claims,
    load_or_create_key,
)
from oryxforge.domain.errors import Unauthenticated

ISSUER = "https://abc.supabase.co/auth/v1"
SECRET = "a secret that is long enough for HS256, and for HS512 as well, of 64 bytes or more"


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return load_or_create_key(tmp_path / "jwt.json")


@pytest.fixture
def verifier(key: SigningKey) -> MigratingVerifier:
    published = httpx.MockTransport(lambda _: httpx.Response(200, json={"keys": [key.jwk]}))
    client = httpx.AsyncClient(transport=published)
    return MigratingVerifier(SecretVerifier(SECRET, ISSUER), JwksVerifier("https://abc/jwks", ISSUER, client))


def claims(user: UUID) -> dict[str, object]:
    return access_claims(user, "a@b.org", ISSUER, 60, "password")


async def test_both_kinds_are_taken(verifier: MigratingVerifier, key: SigningKey) -> None:
    user = uuid4()
    for token in (key.sign(claims(user)), jwt.encode(claims(user), SECRET, headers={"kid": "an old one"})):
        assert (await verifier.verify(token)).user_id == user


async def test_neither_key_passes_for_the_other(verifier: MigratingVerifier, key: SigningKey) -> None:
    said = claims(uuid4())
    public = jwt.PyJWK(key.jwk).key
    as_secrets = (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(key.jwk).encode(),
        b"x" * 40,
    )
    forged = [_hs256(said, secret, key.kid) for secret in as_secrets]
    honest = key.sign(said)
    body = honest.split(".")[1]
    forged += [
        jwt.encode(said, "", algorithm="none", headers={"kid": key.kid}),
        jwt.encode(said, SECRET, algorithm="HS512", headers={"kid": key.kid}),
        f"{_part({'alg': 'HS256', 'kid': key.kid})}.{body}.{honest.split('.')[2]}",
        f"{_part({'alg': 'ES256', 'kid': key.kid})}.{body}.{jwt.encode(said, SECRET).split('.')[2]}",
        jwt.encode({**said, "iss": "https://other.supabase.co/auth/v1"}, SECRET),
        jwt.encode({**said, "exp": int(time.time()) - 60}, SECRET),
        "not.a.token",
    ]
    for token in forged:
        with pytest.raises(Unauthenticated):
            await verifier.verify(token)


def _part(content: dict[str, object]) -> str:
    return base64url_encode(json.dumps(content).encode()).decode()


def _hs256(said: dict[str, object], secret: bytes, kid: str) -> str:
    """By hand: PyJWT itself signs with no public key."""
    signed = f"{_part({'alg': 'HS256', 'kid': kid})}.{_part(said)}"
    algorithm = HMACAlgorithm(HMACAlgorithm.SHA256)
    return f"{signed}.{base64url_encode(algorithm.sign(signed.encode(), secret)).decode()}"
