"""Access tokens: ES256 keys of an install, signing, and verification by JWKS or a shared secret."""

import ipaddress
import json
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from oryxforge.adapters.supabase.secret_files import create_secrets, write_secrets
from oryxforge.domain.errors import Unauthenticated
from oryxforge.domain.identity import Actor

AUDIENCE = "authenticated"
LEEWAY_S = 5
NEEDED = ["sub", "exp", "aud", "iss"]
KEPT_KEYS = 4
HOME = re.compile(r"http://(?P<host>\[[0-9a-f:]+\]|[^/:@?#\s]+)(?::\d{1,5})?(?P<path>/[^?#]*)")


class SigningKey:
    """An ES256 key pair and its public JWK; `kid` names it in the JWKS."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, kid: str) -> None:
        self._private = private
        self.kid = kid
        public = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
        self.jwk: dict[str, Any] = {**public, "kid": kid, "alg": "ES256", "use": "sig"}

    def sign(self, claims: Mapping[str, object]) -> str:
        return jwt.encode(dict(claims), self._private, algorithm="ES256", headers={"kid": self.kid})


def load_or_create_key(path: Path) -> SigningKey:
    """The key that signs; made at first use in a file that only its owner reads."""
    return load_or_create_keys(path)[0]


def load_or_create_keys(path: Path) -> list[SigningKey]:
    """The install's key pairs, newest first: it signs, the older ones still verify what they signed."""
    if not path.exists():
        create_secrets(path, {"keys": [_new_jwk()]})
    return [_signing_key(k) for k in _stored(path)]


def rotate_keys(path: Path, older_than_s: float = 0) -> bool:
    """Makes a new key that signs from the next start on, where the newest is older than that; False where it isn't."""
    stored = _stored(path) if path.exists() else []
    if stored and time.time() - _made_at(stored[0], path) < older_than_s:
        return False
    put = write_secrets if stored else create_secrets
    put(path, {"keys": [_new_jwk(), *stored][:KEPT_KEYS]})
    return True


def _signing_key(stored: dict[str, Any]) -> SigningKey:
    private = ECAlgorithm.from_jwk({k: v for k, v in stored.items() if k != "iat"})
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return SigningKey(private, stored["kid"])


def _stored(path: Path) -> list[dict[str, Any]]:
    """A file of the first version holds one key by itself."""
    stored = json.loads(path.read_text())
    return stored.get("keys", [stored])


def _made_at(stored: dict[str, Any], path: Path) -> float:
    return float(stored.get("iat") or path.stat().st_mtime)


def _new_jwk() -> dict[str, Any]:
    jwk = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)
    return {**jwk, "kid": str(uuid4()), "iat": int(time.time())}


def access_claims(
    user_id: UUID, email: str | None, issuer: str, ttl_s: int, method: str, **more: object
) -> dict[str, object]:
    """The claims that Supabase's own server puts into an access token; `more` replaces some of them."""
    now = int(time.time())
    return {
        "iss": issuer,
        "sub": str(user_id),
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + ttl_s,
        "email": email or "",
        "phone": "",
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {},
        "role": "authenticated",
        "aal": "aal1",
        "amr": [{"method": method, "timestamp": now}],
        "session_id": str(uuid4()),
        "is_anonymous": False,
        **more,
    }


def refused(why: str) -> Unauthenticated:
    return Unauthenticated(f"{why} Sign in again.", code="token_invalid")


class LocalVerifier:
    """Verifies tokens of the install's own keys."""

    def __init__(self, keys: Sequence[SigningKey], issuer: str) -> None:
        self._keys = {k.kid: jwt.PyJWK(k.jwk) for k in keys}
        self._issuer = issuer

    async def verify(self, token: str) -> Actor:
        key = self._keys.get(key_id(token))
        if key is None:
            raise refused("The token was not issued here.")
        return actor_of(decode_own(token, key, self._issuer))


class SecretVerifier:
    """Verifies HS256 tokens of a hosted project that still has a shared secret."""

    def __init__(self, secret: str, issuer: str | None) -> None:
        self._secret = secret
        self._issuer = issuer

    async def verify(self, token: str) -> Actor:
        return actor_of(decode(token, self._secret, ["HS256"], self._issuer))


def key_id(token: str) -> str:
    """The key that a token names. Raises Unauthenticated."""
    return str(_header(token).get("kid", ""))


def algorithm_of(token: str) -> str:
    """The algorithm that a token names, to choose a key by and never to trust. Raises Unauthenticated."""
    return str(_header(token).get("alg", ""))


def _header(token: str) -> dict[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise refused("The token is malformed.") from error


def decode(token: str, key: Any, algorithms: list[str], issuer: str | None) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            key,
            algorithms=algorithms,
            audience=AUDIENCE,
            issuer=issuer,
            leeway=LEEWAY_S,
            options={"require": NEEDED if issuer else NEEDED[:3]},
        )
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("Your session has expired. Sign in again.", code="token_expired") from error
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise refused("The token is not valid here.") from error


def decode_own(token: str, key: jwt.PyJWK, issuer: str) -> dict[str, Any]:
    """The claims of a token under one of this install's own keys. Raises Unauthenticated.

    Its issuer may be what the install was called on another port, or before it had a public address: which of
    them it is adds nothing to the signature.
    """
    claims = decode(token, key.key, ["ES256"], None)
    if not _is_own(claims.get("iss"), issuer):
        raise refused("The token names another issuer.")
    return claims


def _is_own(named: object, issuer: str) -> bool:
    """The issuer itself, or the same path on another port of its host or of this machine."""
    found, ours = HOME.fullmatch(named) if isinstance(named, str) else None, urlsplit(issuer)
    if found is None or found["path"] != ours.path:
        return named == issuer
    host = found["host"].strip("[]")
    return named == issuer or host == ours.hostname or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def actor_of(claims: dict[str, Any]) -> Actor:
    if claims.get("role") != "authenticated":
        raise refused("The token is not a signed-in user's.")
    try:
        user_id = UUID(str(claims["sub"]))
    except ValueError as error:
        raise refused("The token names no user.") from error
    return Actor(user_id, claims.get("email") or None, claims=claims)
