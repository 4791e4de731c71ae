"""Who calls: one rule for every part of the surface (API keys, then the bearer's claims)."""

import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

import jwt

from oryxforge.adapters.supabase.api_keys import KNOWN_TO_ALL
from oryxforge.adapters.supabase.living import Fault, Living
from oryxforge.adapters.supabase.tokens import SigningKey, decode_own
from oryxforge.domain.errors import Unauthenticated, Unavailable
from oryxforge.embedded.gateway.keys import ApiKeys

ROLES = frozenset({"anon", "authenticated", "service_role"})
LEGACY_ROLES = frozenset({"anon", "service_role"})
ACCOUNT_CODES = frozenset(fault.value for fault in Fault)
WHY = {
    Fault.GONE: "User from sub claim in JWT does not exist",
    Fault.BANNED: "User is banned",
}
REMEMBERED = 4_000
REMEMBERED_S = 30.0


class Refused(Exception):
    """A key or token that doesn't count; `code` is a word for logs and doors, `str()` says why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code

    @property
    def is_of_account(self) -> bool:
        """Whether it is the account that doesn't count, and not its token."""
        return self.code in ACCOUNT_CODES


@dataclass(frozen=True)
class Caller:
    """A database role and the claims that row-level security reads; claims are empty where only a key was sent."""

    role: str
    claims: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def settings(self) -> str:
        """`request.jwt.claims` as JSON."""
        return json.dumps({"role": self.role, **self.claims})

    @property
    def expires_at(self) -> float | None:
        """Unix seconds; None where only a key was sent."""
        expires = self.claims.get("exp")
        return float(expires) if isinstance(expires, int | float) else None

    @cached_property
    def user(self) -> UUID | None:
        """The account that a token names; None where only a key was sent."""
        try:
            return UUID(str(self.claims.get("sub")))
        except ValueError:
            return None


class Callers:
    """Tells callers apart by the install's API keys and its ES256 tokens; the keys' order is newest first.

    `living` tells of accounts that may not act any more, though their tokens have not expired.
    """

    def __init__(
        self, keys: ApiKeys, signing: Sequence[SigningKey], issuer: str, living: Living | None = None
    ) -> None:
        self._keys = keys
        self._public = {k.kid: jwt.PyJWK(k.jwk) for k in signing}
        self._issuer = issuer
        self.living = living
        self._known: dict[str, tuple[Caller, float]] = {}

    async def of(self, apikey: str | None, bearer: str | None) -> Caller:
        """The caller of a request, who may act. Raises Refused as `named` does, and for accounts that are gone or banned."""
        caller = self.named(apikey, bearer)
        user = caller.user
        if user is None or self.living is None:
            return caller
        try:
            fault = await self.living.fault_of(user)
        except Unavailable as error:
            raise Refused("unavailable", str(error)) from error
        if fault is not None:
            raise gone(fault)
        return caller

    def named(self, apikey: str | None, bearer: str | None) -> Caller:
        """Whom keys and signatures name, whether or not the account may still act.

        Raises Refused: a bearer that is a token must verify, it never falls back to the key.
        Source: the role rule of Supabase's gateway (a bearer that begins `sb_` is a key, not a token).
        """
        if bearer and not bearer.startswith("sb_"):
            return self.of_token(bearer)
        return self.of_key(apikey or bearer)

    def of_key(self, key: str | None) -> Caller:
        """Raises Refused for a key that is missing or not of this install."""
        if not key:
            raise Refused("no_api_key", "No API key found in request")
        if key.startswith("sb_"):
            if _same(key, self._keys.publishable):
                return Caller("anon")
            if _same(key, self._keys.secret):
                return Caller("service_role")
            raise Refused("bad_api_key", "Invalid API key")
        return Caller(self._legacy(key)["role"])

    def of_token(self, token: str) -> Caller:
        """The caller of a JWT of ours, or of a legacy key. Raises Refused; `token_expired` where only its time is over."""
        known = self._known.get(token)
        if known is not None and time.time() < known[1]:
            return known[0]
        caller = self._verified(token)
        if len(self._known) >= REMEMBERED:
            self._known.pop(next(iter(self._known)))
        until = time.time() + REMEMBERED_S
        self._known[token] = (caller, min(until, caller.expires_at or until))
        return caller

    def _verified(self, token: str) -> Caller:
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError) as error:
            raise Refused("bad_jwt", "The token is malformed") from error
        if header.get("alg") == "HS256":
            claims = self._legacy(token)
            return Caller(claims["role"], claims)
        key = self._public.get(str(header.get("kid", "")))
        if key is None:
            raise Refused("bad_jwt", "The token was not issued here")
        try:
            claims = decode_own(token, key, self._issuer)
        except Unauthenticated as error:
            if error.code == "token_expired":
                raise Refused("token_expired", "The token has expired") from error
            raise Refused("bad_jwt", "The token is not valid here") from error
        if claims.get("role") not in ROLES:
            raise Refused("bad_jwt", "The token names no role")
        return Caller(claims["role"], claims)

    def _legacy(self, key: str) -> dict[str, Any]:
        if self._keys.legacy_secret in KNOWN_TO_ALL:
            raise Refused("bad_api_key", "The legacy secret of this install is public; set another one")
        try:
            claims = jwt.decode(
                key, self._keys.legacy_secret, algorithms=["HS256"], options={"verify_aud": False}
            )
        except jwt.ExpiredSignatureError as error:
            raise Refused("token_expired", "The key has expired") from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Refused("bad_api_key", "Invalid API key") from error
        if claims.get("role") not in LEGACY_ROLES:
            raise Refused("bad_api_key", "Invalid API key")
        return claims


def gone(fault: Fault) -> Refused:
    """The refusal of an account that may not act."""
    return Refused(fault.value, WHY[fault])


def _same(given: str, ours: str) -> bool:
    return hmac.compare_digest(given.encode(), ours.encode())
