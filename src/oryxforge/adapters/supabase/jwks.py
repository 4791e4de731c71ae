"""Verification by the keys that an issuer publishes (RFC 7517)."""

import asyncio
import time
from typing import TYPE_CHECKING

import jwt

from oryxforge.adapters.supabase.tokens import actor_of, decode, key_id, refused
from oryxforge.domain.errors import Unavailable
from oryxforge.domain.identity import Actor

if TYPE_CHECKING:
    import httpx

JWKS_TTL_S = 600.0
JWKS_RETRY_S = 10.0


class JwksVerifier:
    """Verifies tokens by the keys that an issuer publishes, fetched when needed and kept for ten minutes."""

    def __init__(self, url: str, issuer: str, client: "httpx.AsyncClient | None" = None) -> None:
        self._url = url
        self._issuer = issuer
        self._client = client
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> Actor:
        kid = key_id(token)
        key = await self._key(kid)
        if key is None:
            raise refused("The token was not issued here.")
        return actor_of(decode(token, key.key, ["ES256", "RS256", "EdDSA"], self._issuer))

    async def _key(self, kid: str) -> jwt.PyJWK | None:
        age = time.monotonic() - self._fetched
        if age > JWKS_TTL_S or (kid not in self._keys and age > JWKS_RETRY_S):
            async with self._lock:
                if time.monotonic() - self._fetched >= age:
                    await self._fetch()
        return self._keys.get(kid)

    async def _fetch(self) -> None:
        import httpx

        if self._client is None:
            self._client = httpx.AsyncClient(timeout=10)
        try:
            answer = await self._client.get(self._url)
            answer.raise_for_status()
            found = jwt.PyJWKSet.from_dict(answer.json())
        except (httpx.HTTPError, jwt.PyJWTError, ValueError) as error:
            if self._keys:
                return
            raise Unavailable(
                "The sign-in service does not answer at the moment. Try again in a few seconds.",
                code="auth_unavailable",
            ) from error
        self._keys = {k.key_id: k for k in found.keys if k.key_id}
        self._fetched = time.monotonic()
