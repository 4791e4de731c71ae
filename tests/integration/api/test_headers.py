"""Request ids, hosts, other origins, and what a browser may do; the page and the viewers of the description."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator
from io import StringIO
from uuid import uuid4

import httpx
import pytest
from loguru import logger

from integration.api.conftest import MakePerson
from integration.api.product import Product
from oryxforge.adapters.logs import configure_logging
from oryxforge.api import site
from oryxforge.api.app import create_app, make_server
from oryxforge.embedded.gateway.keys import load_or_create_keys


@pytest.fixture
async def anybody(product: Product) -> AsyncGenerator[httpx.AsyncClient]:
    async with product.client() as client:
        yield client


async def test_a_request_id_is_taken_or_made(anybody: httpx.AsyncClient) -> None:
    given = await anybody.get("/health/live", headers={"X-Request-ID": "a.b-c_1"})
    assert given.headers["x-request-id"] == "a.b-c_1"
    for bad in ("", "x" * 129, "a b", "<script>", "a\tb"):
        made = await anybody.get("/health/live", headers={"X-Request-ID": bad})
        assert re.fullmatch(r"[0-9a-f]{32}", made.headers["x-request-id"])


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What is logged from now on, as JSON lines."""
    lines = StringIO()
    configure_logging("INFO", True, lines)
    yield lines
    logger.remove()


async def test_the_id_is_on_every_line_to_the_worker_s(person: MakePerson, log: StringIO) -> None:
    ada = await person("ada")
    headers = {"X-Request-ID": "follow-me"}
    project = (await ada.client.post("/projects", json={"name": "Logs"}, headers=headers)).json()["id"]
    body = {"project_id": project, "prompt": "a secret question"}
    await ada.client.post("/chat/query?q=secret-query", json=body, headers=headers)
    async with asyncio.timeout(5):
        while "run ended" not in log.getvalue() or log.getvalue().count('"request"') < 2:
            await asyncio.sleep(0.01)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    mine = [line for line in lines if line.get("request_id") == "follow-me"]
    assert {"request", "run started", "run ended"} <= {line["message"] for line in mine}
    asked = next(line for line in mine if line.get("route") == "/chat/query")
    assert (asked["method"], asked["status"]) == ("POST", 200)
    assert asked["ms"] > 0
    assert "secret" not in log.getvalue()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "[::2]", ""]
)
async def test_another_host_name(anybody: httpx.AsyncClient, host: str) -> None:
    answer = await anybody.get("/health/live", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "host_not_allowed")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "app.localhost"]
)
async def test_a_name_of_this_machine(anybody: httpx.AsyncClient, host: str) -> None:
    assert (await anybody.get("/health/live", headers={"Host": host})).status_code == 200


def _other_app(product: Product, **settings: object) -> httpx.AsyncClient:
    app = create_app(product.api, product.settings.model_copy(update=settings))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


async def test_a_host_that_was_allowed(product: Product) -> None:
    async with _other_app(product, allowed_hosts=("oryx.example",)) as client:
        assert (await client.get("/health/live", headers={"Host": "Oryx.example:443"})).status_code == 200
        assert (await client.get("/health/live", headers={"Host": "evil.example"})).status_code == 421


async def test_bound_to_the_world_any_host_is_answered(product: Product) -> None:
    async with _other_app(product, host="0.0.0.0") as client:
        assert (await client.get("/health/live", headers={"Host": "any.example"})).status_code == 200


ORIGIN = "https://ui.example"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization, apikey, content-type, x-client-info, idempotency-key, last-event-id",
}


async def test_no_other_origin_reads_answers(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/health/live", headers={"Origin": ORIGIN})
    assert "access-control-allow-origin" not in answer.headers
    assert (await anybody.options("/projects", headers=PREFLIGHT)).status_code == 405


async def test_an_origin_of_the_list(product: Product) -> None:
    async with _other_app(product, cors_origins=(ORIGIN,)) as client:
        preflight = await client.options("/projects", headers=PREFLIGHT)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == ORIGIN
        refused = await client.get("/projects", headers={"Origin": ORIGIN})
        assert refused.status_code == 401
        assert refused.headers["access-control-allow-origin"] == ORIGIN
        exposed = {h.strip() for h in refused.headers["access-control-expose-headers"].split(",")}
        assert {"x-request-id", "content-range", "x-supabase-api-version"} <= exposed
        other = await client.get("/projects", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(
    "path", ["/page/swagger.js", "/page/icon.svg", "/docs", "/redoc", "/viewers/swagger-ui.css"]
)
async def test_the_viewers(anybody: httpx.AsyncClient, path: str) -> None:
    answer = await anybody.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_each_header_once_on_files_of_the_surface(product: Product, anybody: httpx.AsyncClient) -> None:
    admin = {"apikey": load_or_create_keys(product.settings.api_keys_file).secret}
    bucket = f"b{uuid4().hex[:8]}"
    await anybody.post("/storage/v1/bucket", headers=admin, json={"id": bucket, "name": bucket})
    await anybody.post(f"/storage/v1/object/{bucket}/a.txt", headers=admin, content=b"x")
    answer = await anybody.get(f"/storage/v1/object/{bucket}/a.txt", headers=admin)
    assert answer.content == b"x"
    names = [name for name, _ in answer.headers.multi_items()]
    for name in ("x-content-type-options", "content-security-policy", "x-frame-options", "referrer-policy"):
        assert names.count(name) == 1, name


async def test_without_a_build_the_page_says_what_to_do(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "PLACES", ())
    async with _other_app(product) as client:
        answer = await client.get("/")
    assert (answer.status_code, "scripts/build_page.py" in answer.text) == (200, True)
    assert "script-src 'self';" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_no_page_loads_anything_from_outside(anybody: httpx.AsyncClient, path: str) -> None:
    page = (await anybody.get(path)).text
    for target in re.findall(r'(?:src|href|spec-url)="([^"]+)"', page):
        if not target.startswith("#"):
            assert target.startswith("/")
            assert (await anybody.get(target)).status_code == 200
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)


@pytest.mark.parametrize(
    "path", ["/page/../app.py", "/page/%2e%2e/app.py", "/page/", "/page/nothing.js", "/viewers/..%2fcore.py"]
)
async def test_nothing_else_is_served(anybody: httpx.AsyncClient, path: str) -> None:
    answer = await anybody.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")


async def test_the_description(anybody: httpx.AsyncClient) -> None:
    described = (await anybody.get("/openapi.json")).json()
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            where = f"{method} {path}"
            assert route["summary"], where
            assert route["tags"], where
            assert {"500", "503"} <= set(route["responses"]), where
            signed_in = path.startswith(("/health", "/config.json", "/auth/"))
            assert ("security" in route) is not signed_in, where


async def test_nobody_tells_an_address_of_its_own(product: Product) -> None:
    assert product.server.config.proxy_headers is False
    trusting = make_server(
        product.app, product.settings.model_copy(update={"trusted_proxies": ("10.0.0.7",)})
    )
    assert (trusting.config.proxy_headers, trusting.config.forwarded_allow_ips) == (True, ["10.0.0.7"])
