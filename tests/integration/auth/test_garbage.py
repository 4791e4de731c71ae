"""Whatever is sent: an answer that says what is wrong, never a fault of ours."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.scale import scaled
from integration.auth.http import Wire, code_of, someone
from oryxforge.embedded.gateway.auth.asking import LIMIT

PATHS = (
    "/signup", "/token?grant_type=password", "/token?grant_type=refresh_token", "/token?grant_type=pkce",
    "/otp", "/verify", "/recover", "/resend", "/magiclink", "/invite", "/admin/users", "/admin/generate_link",
)  # fmt: skip
FIELDS = (
    "email", "password", "data", "refresh_token", "auth_code", "code_verifier", "type", "token", "token_hash",
    "create_user", "code_challenge", "code_challenge_method", "phone", "nonce", "user_metadata", "app_metadata",
    "ban_duration", "id", "role", "email_confirm", "new_email", "redirect_to",
)  # fmt: skip
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
values = st.recursive(
    scalars
    | st.sampled_from(["a@b.org", "signup", "email", "magiclink", "s256", "x" * 43, "24h", "\x00", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=6)
fuzzed = settings(
    max_examples=scaled(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@fuzzed
@given(path=st.sampled_from(PATHS), body=bodies)
async def test_bodies_of_known_fields(open_wire: Wire, path: str, body: dict[str, Any]) -> None:
    headers = {"content-type": "application/json", "apikey": open_wire.keys.secret}
    answer = await open_wire.client.post(path, content=json.dumps(body), headers=headers)
    assert answer.status_code < 500, answer.text
    assert isinstance(answer.json(), dict)


SESSIONS: dict[str, dict[str, Any]] = {}


async def session_of(found: Wire) -> dict[str, Any]:
    """One session for all examples."""
    where = str(found.client.base_url)
    if where not in SESSIONS:
        SESSIONS[where] = await found.sign_up()
    return SESSIONS[where]


@fuzzed
@given(body=bodies, admin=st.booleans())
async def test_changes_of_a_user(open_wire: Wire, body: dict[str, Any], admin: bool) -> None:
    session = await session_of(open_wire)
    path = f"/admin/users/{session['user']['id']}" if admin else "/user"
    key = (
        {"apikey": open_wire.keys.secret} if admin else {"authorization": f"Bearer {session['access_token']}"}
    )
    answer = await open_wire.client.put(
        path, content=json.dumps(body), headers={"content-type": "application/json", **key}
    )
    assert answer.status_code < 500, answer.text


@fuzzed
@given(path=st.sampled_from(PATHS), raw=st.binary(min_size=1, max_size=200))
async def test_bytes(open_wire: Wire, path: str, raw: bytes) -> None:
    headers = {"content-type": "application/json", "apikey": open_wire.keys.secret}
    answer = await open_wire.client.post(path, content=raw, headers=headers)
    assert answer.status_code in (400, 401) if raw.strip() else answer.status_code < 500


@fuzzed
@given(query=st.dictionaries(st.sampled_from(["token", "type", "redirect_to", "state", "code", "provider", "error_description", "page", "per_page", "scope"]), st.text(max_size=60), max_size=5))  # fmt: skip
@pytest.mark.parametrize("path", ["/verify", "/callback", "/authorize", "/admin/users", "/settings"])
async def test_queries(open_wire: Wire, path: str, query: dict[str, str]) -> None:
    query = {k: v.encode("utf-8", "replace").decode() for k, v in query.items()}
    headers = {"apikey": open_wire.keys.secret, "cookie": "oryxforge_flow_x=1; =; \x01"}
    answer = await open_wire.client.get(path, params=query, headers=headers)
    assert answer.status_code < 500, answer.text
    assert answer.headers.get("location", open_wire.client.base_url).__str__().startswith("http://127.0.0.1")


async def test_long_and_deep_bodies(open_wire: Wire) -> None:
    long = await open_wire.post("/signup", {"email": someone(), "data": {"x": "y" * LIMIT}})
    assert code_of(long) == (413, "request_too_large")

    async def endless():
        for _ in range(100):
            yield b" " * 10_000

    answer = await open_wire.client.post(
        "/signup", content=endless(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413
    for raw in ("[" * 5_000 + "]" * 5_000, '{"data":' * 500 + "1" + "}" * 500, "[]", "1", '"x"', "null"):
        sent = await open_wire.client.post(
            "/signup", content=raw, headers={"content-type": "application/json"}
        )
        assert code_of(sent) == (400, "bad_json"), raw[:20]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_only_json(open_wire: Wire, kind: str) -> None:
    answer = await open_wire.client.post(
        "/signup", content=b'{"email":"a@b.org"}', headers={"content-type": kind}
    )
    assert code_of(answer) == (400, "bad_json")


async def test_metadata_that_fits_no_token(open_wire: Wire) -> None:
    answer = await open_wire.post(
        "/signup", {"email": someone(), "password": "a long enough one", "data": {"x": "y" * 20_000}}
    )
    assert code_of(answer) == (422, "validation_failed")


@pytest.mark.parametrize("address", ["x", "1.2.3.4", "::1%eth0", "é", "1.2.3.4, x", "'"])
async def test_addresses_that_a_proxy_tells(open_wire: Wire, address: str) -> None:
    headers = {"x-forwarded-for": address.encode(), "user-agent": b"\xff agent"}
    body = {"email": someone(), "password": "a long enough one"}
    answer = await open_wire.client.post("/signup", json=body, headers=headers)
    assert answer.status_code == 200


async def test_a_scanner_that_only_looks_uses_no_link_up(open_wire: Wire) -> None:
    admin = {"apikey": open_wire.keys.secret}
    email = someone()
    made = (
        await open_wire.post("/admin/generate_link", {"type": "magiclink", "email": email}, **admin)
    ).json()
    assert (await open_wire.client.head(made["action_link"])).status_code == 405
    assert "access_token=" in (await open_wire.client.get(made["action_link"])).headers["location"]


async def test_ways_that_lead_nowhere(open_wire: Wire) -> None:
    assert code_of(await open_wire.client.get("/nowhere")) == (404, "not_found")
    assert code_of(await open_wire.client.delete("/signup")) == (405, "method_not_allowed")
    assert code_of(await open_wire.post("/token?grant_type=x", {})) == (400, "validation_failed")
    assert code_of(await open_wire.client.post("/logout?scope=x", headers={"authorization": "Bearer x"})) == (
        400,
        "validation_failed",
    )
