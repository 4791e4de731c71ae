"""Sign-in elsewhere: OpenID Connect by its discovery document, and GitHub, which speaks OAuth alone (by Authlib)."""

import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast

import jwt

from oryxforge.adapters.postgres.auth.secret import same
from oryxforge.embedded.gateway.auth.config import Provider
from oryxforge.embedded.gateway.auth.errors import AuthError
from oryxforge.embedded.gateway.auth.wishes import Wishes

TIMEOUT_S = 15
DISCOVERED_S = 3600.0
KEYS_S, KEYS_AGAIN_S = 600.0, 10.0
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
GOOGLE = "https://accounts.google.com"
GITHUB = "https://github.com"
GITHUB_API = "https://api.github.com"


@dataclass(frozen=True)
class Person:
    """Who somebody is at a provider; `email` only as the provider has it, `verified` only where it says so."""

    id: str
    email: str | None
    verified: bool
    data: Mapping[str, object]
    access_token: str


class _Unverified(Exception):
    """An ID token that does not hold, and why."""


class _Answer(Protocol):
    def raise_for_status(self) -> object: ...
    def json(self) -> Any: ...


class _Client(Protocol):
    """What we use of Authlib's client, which has no types of its own."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *raised: object) -> object: ...
    def create_authorization_url(self, url: str, **query: str) -> tuple[str, str]: ...
    async def fetch_token(self, url: str, **body: str) -> dict[str, Any]: ...
    async def request(self, method: str, url: str, *, withhold_token: bool) -> _Answer: ...


class SignInElsewhere(Protocol):
    async def address(self, callback: str, state: str, nonce: str, verifier: str, wishes: Wishes) -> str:
        """Where the browser goes."""
        ...

    async def person(self, callback: str, code: str, nonce: str, verifier: str) -> Person:
        """Who came back with a code. Raises AuthError where the provider does not confirm it."""
        ...


class OpenIdConnect:
    """Any issuer of OpenID Connect; its ID token is verified by the keys that it publishes."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._known: dict[str, Any] = {}
        self._until = 0.0
        self._keys: dict[str, Any] = {}
        self._keys_at = float("-inf")

    def issues_as(self, issuer: str) -> bool:
        return bool(issuer) and issuer in self._issuers

    @property
    def _issuers(self) -> list[str]:
        """Google's tokens may name it without a scheme."""
        issuer = self._provider.issuer or ""
        return [issuer, GOOGLE.removeprefix("https://")] if issuer == GOOGLE else [issuer]

    async def address(self, callback: str, state: str, nonce: str, verifier: str, wishes: Wishes) -> str:
        found = await self._discovered()
        scope = wishes.scope(self._provider.scopes)
        async with _client(self._provider, callback) as client:
            url, _ = client.create_authorization_url(
                found["authorization_endpoint"], scope=scope, state=state, nonce=nonce, code_verifier=verifier
            )
        return wishes.added(url)

    async def person(self, callback: str, code: str, nonce: str, verifier: str) -> Person:
        found = await self._discovered()
        async with _client(self._provider, callback) as client:
            tokens = await _tokens(client, found["token_endpoint"], code, verifier)
            keys = await _json(client, found["jwks_uri"])
        try:
            claims = self._claims(str(tokens.get("id_token", "")), keys)
        except _Unverified as error:
            raise elsewhere("The provider's ID token does not verify") from error
        if claims.get("nonce") != nonce:
            raise elsewhere("The provider's ID token answers another sign-in")
        return _person(claims, str(tokens.get("access_token", "")))

    async def of_id_token(self, token: str, nonce: str, access_token: str) -> Person:
        """Who a token names that a client brought. Raises AuthError 400 where it does not hold.

        The token carries the SHA-256 of the nonce in hexadecimal digits, the client brings the nonce itself.
        """
        try:
            claims = self._claims(token, await self._published(token))
        except _Unverified as error:
            raise _bad_token(f"Bad ID token: {error}") from error
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if len(cast("list[object]", audiences)) > 1 and claims.get("azp") != self._provider.client_id:
            raise _bad_token("Unacceptable audience in id_token: it was made for another client")
        kept = claims.get("nonce")
        if bool(kept) != bool(nonce):
            raise _bad_token("Passed nonce and nonce in id_token should either both exist or not.")
        if nonce and not same(hashlib.sha256(nonce.encode()).hexdigest(), str(kept)):
            raise _bad_token("Nonces mismatch")
        if (
            access_token
            and claims.get("at_hash")
            and not _belongs(access_token, token, str(claims["at_hash"]))
        ):
            raise _bad_token("The access token is not the one of the ID token")
        return _person(claims, access_token)

    def _claims(self, token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
        """Raises _Unverified."""
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            known = jwt.PyJWKSet.from_dict(dict(keys)).keys
            key = next(k for k in known if kid is None or k.key_id == kid)
            claims = jwt.decode(
                token,
                key,
                ALGORITHMS,
                audience=self._provider.client_id,
                issuer=self._issuers,
                leeway=30,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except (jwt.PyJWTError, StopIteration, ValueError, TypeError) as error:
            raise _Unverified(str(error) or "no key of the provider's has signed it") from error
        if not _text(claims["sub"]):
            raise _Unverified("it names nobody")
        return claims

    async def _published(self, token: str) -> Mapping[str, Any]:
        """The provider's keys; asked for anew when they are old, and soon again for a key that they lack."""
        age = time.monotonic() - self._keys_at
        if age > KEYS_S or (age > KEYS_AGAIN_S and not _names_one(token, self._keys)):
            found = await self._discovered()
            async with _client(self._provider, "") as client:
                self._keys = await _json(client, found["jwks_uri"])
            self._keys_at = time.monotonic()
        return self._keys

    async def _discovered(self) -> dict[str, Any]:
        if time.monotonic() > self._until:
            issuer = (self._provider.issuer or "").rstrip("/")
            async with _client(self._provider, "") as client:
                found = await _json(client, f"{issuer}/.well-known/openid-configuration")
            if str(found.get("issuer", "")).rstrip("/") != issuer:
                raise elsewhere("The provider names another issuer")
            self._known, self._until = found, time.monotonic() + DISCOVERED_S
        return self._known


class GitHub:
    """GitHub, or an enterprise server of it at `base_url`."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._base = (provider.base_url or GITHUB).rstrip("/")
        self._api = f"{self._base}/api/v3" if provider.base_url else GITHUB_API

    async def address(self, callback: str, state: str, nonce: str, verifier: str, wishes: Wishes) -> str:
        scope = wishes.scope(self._provider.scopes)
        async with _client(self._provider, callback) as client:
            url, _ = client.create_authorization_url(
                f"{self._base}/login/oauth/authorize", scope=scope, state=state, code_verifier=verifier
            )
        return wishes.added(url)

    async def person(self, callback: str, code: str, nonce: str, verifier: str) -> Person:
        async with _client(self._provider, callback) as client:
            tokens = await _tokens(client, f"{self._base}/login/oauth/access_token", code, verifier)
            me = await _json(client, f"{self._api}/user", as_person=True)
            mails = await _json(client, f"{self._api}/user/emails", as_person=True)
        primary = _primary(mails)
        known = {"name": me.get("name"), "user_name": me.get("login"), "avatar_url": me.get("avatar_url")}
        return Person(
            id=str(me["id"]),
            email=_text(primary.get("email")),
            verified=primary.get("verified") is True,
            data={k: v for k, v in known.items() if v},
            access_token=str(tokens.get("access_token", "")),
        )


def make_providers(configured: Mapping[str, Provider]) -> dict[str, SignInElsewhere]:
    return {name: OpenIdConnect(p) if p.issuer else GitHub(p) for name, p in configured.items()}


def elsewhere(why: str) -> AuthError:
    return AuthError(500, "unexpected_failure", why)


def _bad_token(why: str) -> AuthError:
    """As an OAuth error too, which is how GoTrue words this refusal."""
    told = {"error": "invalid request", "error_description": why}
    return AuthError(400, "validation_failed", why, told)


def _person(claims: Mapping[str, Any], access_token: str) -> Person:
    return Person(
        id=str(claims["sub"]),
        email=_text(claims.get("email")),
        verified=claims.get("email_verified") in (True, "true"),
        data={k: claims[k] for k in ("name", "picture", "preferred_username") if _text(claims.get(k))},
        access_token=access_token,
    )


def _names_one(token: str, keys: Mapping[str, Any]) -> bool:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except (jwt.PyJWTError, ValueError):
        return True
    return any(k.get("kid") == kid for k in keys.get("keys", []))


def _belongs(access_token: str, id_token: str, at_hash: str) -> bool:
    """OpenID Connect Core, 3.1.3.6: the left half of the hash that the signature's algorithm names."""
    bits = str(jwt.get_unverified_header(id_token).get("alg", ""))[-3:]
    hashing = {"256": hashlib.sha256, "384": hashlib.sha384}.get(bits, hashlib.sha512)
    digest = hashing(access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    return same(half, at_hash)


def _client(provider: Provider, callback: str) -> _Client:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

    client = AsyncOAuth2Client(
        provider.client_id,
        provider.client_secret,
        scope=provider.scopes,
        redirect_uri=callback,
        code_challenge_method="S256",
        timeout=TIMEOUT_S,
        headers={"accept": "application/json"},
    )
    return cast("_Client", client)


async def _tokens(client: _Client, url: str, code: str, verifier: str) -> dict[str, Any]:
    import httpx2
    from authlib.common.errors import AuthlibBaseError

    try:
        return await client.fetch_token(url, code=code, code_verifier=verifier)
    except (httpx2.HTTPError, AuthlibBaseError, ValueError) as error:
        raise elsewhere("The provider did not exchange the code") from error


async def _json(client: _Client, url: str, *, as_person: bool = False) -> Any:
    import httpx2
    from authlib.common.errors import AuthlibBaseError

    try:
        answer = await client.request("GET", url, withhold_token=not as_person)
        answer.raise_for_status()
        return answer.json()
    except (httpx2.HTTPError, AuthlibBaseError, ValueError) as error:
        raise elsewhere("The provider does not answer as it should") from error


def _primary(mails: object) -> Mapping[str, Any]:
    found = cast("list[dict[str, Any]]", mails if isinstance(mails, list) else [])
    return next((m for m in found if m.get("primary")), {})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
