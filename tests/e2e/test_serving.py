"""How the built page is served: addresses, caching, policies, and what stays the API's."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from integration.api.product import Product
from oryxforge.api.site import inline_hashes, load_site

BROWSES = {"Accept": "text/html,application/xhtml+xml"}


@pytest_asyncio.fixture(loop_scope="session")
async def anybody(product: Product) -> AsyncGenerator[httpx.AsyncClient]:
    async with product.client() as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/chat", "/data", "/workflow", "/project", "/settings", "/chat.html"])
async def test_pages(anybody: httpx.AsyncClient, path: str) -> None:
    for answer in (await anybody.get(path), await anybody.head(path)):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-cache"
        policy = answer.headers.get_list("content-security-policy")
        assert len(policy) == 1
        assert "'sha256-" in policy[0]
        assert "unsafe-eval" not in policy[0]
        assert "script-src 'self' 'unsafe-inline'" not in policy[0]
        assert "connect-src 'self';" in policy[0]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_assets_stay_and_are_small(anybody: httpx.AsyncClient, built_page: Path) -> None:
    script = next((built_page / "_next" / "static").rglob("*.js"))
    address = "/" + script.relative_to(built_page).as_posix()
    answer = await anybody.get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.content == script.read_bytes()
    plain = await anybody.get(address, headers={"Accept-Encoding": "identity"})
    assert plain.content == script.read_bytes()
    assert (await anybody.get("/settings.txt")).headers["content-type"].startswith("text/x-component")


async def test_icons_are_where_browsers_look_of_themselves(anybody: httpx.AsyncClient) -> None:
    linked = re.findall(
        r'<link rel="(?:icon|apple-touch-icon)" href="([^"]+)"', (await anybody.get("/")).text
    )
    assert len(linked) == 3
    for address in ["/favicon.ico", *linked]:
        answer = await anybody.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("image/")


async def test_nothing_at_an_address(anybody: httpx.AsyncClient) -> None:
    browser = await anybody.get("/nowhere", headers=BROWSES)
    assert (browser.status_code, browser.headers["content-type"]) == (404, "text/html; charset=utf-8")
    script = await anybody.get("/nowhere")
    assert (script.status_code, script.json()["code"]) == (404, "route_not_found")


@pytest.mark.parametrize(
    "path", ["/../pyproject.toml", "/_next/%2e%2e/%2e%2e/package.json", "/_next/", "/.stamp"]
)
async def test_nothing_else_is_served(anybody: httpx.AsyncClient, path: str) -> None:
    assert (await anybody.get(path)).status_code == 404


async def test_no_page_hides_a_route(product: Product, built_page: Path) -> None:
    readable = [r for r in product.app.state.routes if "GET" in r.methods and r.path != "/"]
    hidden = [a for a in load_site(built_page, None) if any(r.path_regex.match(a) for r in readable)]
    assert hidden == []


async def test_a_route_is_the_api_s_to_a_browser_too(anybody: httpx.AsyncClient) -> None:
    assert (await anybody.get("/projects", headers=BROWSES)).status_code == 401
    assert (await anybody.get("/docs", headers=BROWSES)).status_code == 200


def test_hosted_supabase_may_be_asked(built_page: Path) -> None:
    policy = load_site(built_page, "https://ab.supabase.co")["/"].headers["Content-Security-Policy"]
    assert "connect-src 'self' https://ab.supabase.co wss://ab.supabase.co;" in policy


def test_hashes_are_of_inline_scripts_alone() -> None:
    html = b'<script src="/a.js"></script><script>1</script><script id="x">2</script><script>1</script>'
    assert inline_hashes(html) == sorted(
        [
            "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='",
            "'sha256-1HNeOiZeFu7gP1lxi5tdAwGcB9i2xR+Q2jpmbuwTqzU='",
        ]
    )
