"""A token does not outlive its account, at any door."""

import httpx
import pytest

from integration.api.product import Product
from integration.auth.http import Wire

BROADCAST = {"messages": [{"topic": "a", "event": "e", "payload": {}}]}
DOORS = (
    ("GET", "/rest/v1/projects", None),
    ("GET", "/storage/v1/bucket", None),
    ("POST", "/storage/v1/upload/resumable", None),
    ("POST", "/realtime/v1/api/broadcast", BROADCAST),
)


async def end(wire: Wire, user: str, how: str) -> None:
    admin, path = {"apikey": wire.keys.secret}, f"/admin/users/{user}"
    if how == "banned":
        answer = await wire.client.put(path, headers=admin, json={"ban_duration": "1h"})
    else:
        softly = {"should_soft_delete": how == "softly"}
        answer = await wire.client.request("DELETE", path, headers=admin, json=softly)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("how", "code", "ours"),
    [
        ("banned", "user_banned", "user_banned"),
        ("softly", "user_not_found", "user_gone"),
        ("wholly", "user_not_found", "user_gone"),
    ],
)
async def test_every_surface_refuses(
    open_wire: Wire, open_product: Product, how: str, code: str, ours: str
) -> None:
    session, stays = await open_wire.sign_up(), await open_wire.sign_up()
    await end(open_wire, session["user"]["id"], how)
    async with httpx.AsyncClient(base_url=open_product.url, timeout=30) as client:
        for method, path, body in DOORS:
            for found, refused in ((session, True), (stays, False)):
                headers = {
                    "apikey": open_wire.keys.publishable,
                    "authorization": f"Bearer {found['access_token']}",
                }
                answer = await client.request(method, path, headers=headers, json=body)
                assert (answer.status_code == 401) is refused, (path, answer.text)
                if refused:
                    said = answer.json()
                    assert said.get("code", code) == code
                    assert "User" in said["message"]
        answer = await client.get("/me", headers={"authorization": f"Bearer {session['access_token']}"})
        assert (answer.status_code, answer.json()["code"]) == (401, ours)
