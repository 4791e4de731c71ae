"""Bare HTTP against the auth surface: what no well-behaved client sends."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from integration.api.modes import AnyProduct
from oryxforge.embedded.gateway.keys import ApiKeys, load_or_create_keys

PASSWORD = "a long enough one"
VERSION = {"X-Supabase-Api-Version": "2024-01-01"}


def someone(name: str = "someone") -> str:
    return f"{name}-{uuid4().hex[:12]}@example.org"


@dataclass
class Wire:
    """A client of one product's /auth/v1."""

    client: httpx.AsyncClient
    keys: ApiKeys

    async def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers=headers)

    async def sign_up(self, email: str | None = None, **more: object) -> dict[str, Any]:
        answer = await self.post("/signup", {"email": email or someone(), "password": PASSWORD, **more})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return await self.post("/token?grant_type=password", {"email": email, "password": password})

    async def refresh(self, token: str) -> httpx.Response:
        return await self.post("/token?grant_type=refresh_token", {"refresh_token": token})

    async def user(self, token: str) -> httpx.Response:
        return await self.client.get("/user", headers={"Authorization": f"Bearer {token}"})

    async def mails(self) -> list[dict[str, Any]]:
        answer = await self.client.get("/outbox", headers={"apikey": self.keys.secret})
        return answer.json()["mails"]


def wire(product: AnyProduct) -> Wire:
    keys = load_or_create_keys(product.settings.api_keys_file)
    headers = {"apikey": keys.publishable, **VERSION}
    client = httpx.AsyncClient(base_url=f"{product.url}/auth/v1", headers=headers, timeout=30)
    return Wire(client, keys)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
