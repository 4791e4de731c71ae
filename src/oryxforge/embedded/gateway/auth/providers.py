"""Sign-in elsewhere: OpenID Connect by its discovery document, and GitHub, which speaks OAuth alone (by Authlib)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast

import jwt

from oryxforge.embedded.gateway.auth.config import Provider
from oryxforge.embedded.gateway.auth.errors import AuthError

TIMEOUT_S = 15
DISCOVERED_S = 3600.0
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
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
    async def address(self, callback: str, state: str, nonce: str, verifier: str) -> str:
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

    async def address(self, callback: str, state: str, nonce: str, verifier: str) -> str:
        found = await self._discovered()
        async with _client(self._provider, callback) as client:
            url, _ = client.create_authorization_url(
                found["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return url

    async def person(self, callback: str, code: str, nonce: str, verifier: str) -> Person:
        found = await self._discovered()
        async with _client(self._provider, callback) as client:
            tokens = await _tokens(client, found["token_endpoint"], code, verifier)
            keys = await _json(client, found["jwks_uri"])
        claims = self._claims(str(tokens.get("id_token", "")), keys, nonce)
        return Person(
            id=str(claims["sub"]),
            email=_text(claims.get("email")),
            verified=claims.get("email_verified") in (True, "true"),
            data={k: claims[k] for k in ("name", "picture", "preferred_username") if _text(claims.get(k))},
            access_token=str(tokens.get("access_token", "")),
        )

    def _claims(self, token: str, keys: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            known = jwt.PyJWKSet.from_dict(dict(keys)).keys
            key = next(k for k in known if kid is None or k.key_id == kid)
            claims = jwt.decode(
                token,
                key,
                ALGORITHMS,
                audience=self._provider.client_id,
                issuer=self._provider.issuer,
                leeway=30,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except (jwt.PyJWTError, StopIteration, ValueError, TypeError) as error:
            raise elsewhere("The provider's ID token does not verify") from error
        if claims.get("nonce") != nonce:
            raise elsewhere("The provider's ID token answers another sign-in")
        return claims

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

    async def address(self, callback: str, state: str, nonce: str, verifier: str) -> str:
        async with _client(self._provider, callback) as client:
            url, _ = client.create_authorization_url(
                f"{self._base}/login/oauth/authorize", state=state, code_verifier=verifier
            )
        return url

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
