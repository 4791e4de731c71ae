"""A loopback sign-in provider: OpenID Connect with discovery, and GitHub's calls; whoever asks is `person` at once."""

import base64
import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

import jwt
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "oryxforge-tests", "a provider's secret"


@dataclass
class OpenIdProvider:
    """`claims` replaces what an ID token says; `refuse` sends people back without a code."""

    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "p1", "email": "p@example.org", "email_verified": True, "name": "P"}
    )
    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    refuse: bool = False
    asked: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def __enter__(self) -> Self:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        config = uvicorn.Config(self._app(), host="127.0.0.1", port=0, log_config=None, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    def id_token(self, **claims: object) -> str:
        """A token of whoever is `person`, with these claims; None takes one away."""
        now = int(time.time())
        said: dict[str, object] = {
            "iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **self.person, **claims
        }  # fmt: skip
        told = {k: v for k, v in said.items() if v is not None}
        return jwt.encode(told, self._key, algorithm="RS256", headers={"kid": "k1"})

    @property
    def public_pem(self) -> bytes:
        """What a forger can have."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_key().public_bytes(serialization.Encoding.PEM, form)

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/jwks", self._jwks),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/login/oauth/authorize", self._authorize),
                Route("/login/oauth/access_token", self._token, methods=["POST"]),
                Route("/api/v3/user", self._github_user),
                Route("/api/v3/user/emails", self._github_emails),
                Route("/id-token", self._give_id_token, methods=["POST"]),
                Route("/person", self._set_person, methods=["POST"]),
            ]
        )

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
            }
        )

    async def _jwks(self, _: Request) -> Response:
        return JSONResponse(
            {"keys": [{**RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True), "kid": "k1"}]}
        )

    async def _authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        if self.refuse:
            back = {"error": "access_denied", "error_description": "They said no", "state": query["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.asked[code] = query
            back = {"code": code, "state": query["state"]}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(back)}", 302)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self.asked.pop(str(form.get("code")), None)
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_grant"}, 400)
        if asked["code_challenge"] != challenge or asked["redirect_uri"] != form.get("redirect_uri"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self.id_token(**{"nonce": asked.get("nonce", ""), **self.claims})
        return JSONResponse({"access_token": "provider-token", "token_type": "bearer", "id_token": token})

    async def _github_user(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer provider-token"
        return JSONResponse({"id": 4242, "login": "p", "name": self.person["name"]})

    async def _github_emails(self, _: Request) -> Response:
        mine = {"email": self.person["email"], "verified": self.person["email_verified"], "primary": True}
        return JSONResponse([{"email": "old@example.org", "verified": True, "primary": False}, mine])

    async def _give_id_token(self, request: Request) -> Response:
        return JSONResponse({"token": self.id_token(**await request.json())})

    async def _set_person(self, request: Request) -> Response:
        told = await request.json()
        self.person, self.claims, self.refuse = (
            told["person"],
            told.get("claims", {}),
            told.get("refuse", False),
        )
        return JSONResponse({})
