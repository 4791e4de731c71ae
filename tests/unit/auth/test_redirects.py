"""Where a sign-in may lead."""

import pytest

from oryxforge.embedded.gateway.auth.redirects import Redirects, with_fragment, with_query

SITE = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000",
        "http://127.0.0.1:8000/a?b=c#d",
        "http://localhost:8000/x",
    ],
)
def test_the_site_and_its_other_name(url: str) -> None:
    assert Redirects([]).allows(url, SITE)
    assert Redirects([]).allows(url, "http://localhost:8000")


@pytest.mark.parametrize("host", ["127.0.0.66", "127.1", "[::1]", "oryx.localhost", "localhost.", "0.0.0.0"])
def test_other_loopback_addresses_may_be_others(host: str) -> None:
    for site in (SITE, "http://localhost:8000"):
        assert not Redirects([]).allows(f"http://{host}:8000/steal", site)
    assert Redirects([f"http://{host}:8000/*"]).allows(f"http://{host}:8000/wanted", SITE)


@pytest.mark.parametrize(
    ("pattern", "url", "allowed"),
    [
        ("https://app.example.org/back", "https://app.example.org/back", True),
        ("https://app.example.org/back", "https://app.example.org/back/", True),
        ("https://app.example.org/back", "https://app.example.org/back#x", True),
        ("https://app.example.org/back", "https://app.example.org/other", False),
        ("https://app.example.org/*", "https://app.example.org/one", True),
        ("https://app.example.org/*", "https://app.example.org/one/two", False),
        ("https://app.example.org/**", "https://app.example.org/one/two?x=1", True),
        ("https://*.example.org/", "https://app.example.org/", True),
        ("https://*.example.org/", "https://a.b.example.org/", False),
        ("https://*.example.org/", "https://evil.com/.example.org/", False),
        ("https://*.example.org/", "https://evil.com#.example.org/", False),
        ("https://app.example.org", "https://appXexample.org", False),
        ("oryx://signed-in", "oryx://signed-in", True),
        ("oryx://signed-in", "oryx://elsewhere", False),
        ("http://localhost:3000/**", "http://localhost:3000/x", True),
        ("http://localhost:3000/**", "http://localhost:3001/x", False),
        ("https://app.example.org**", "https://app.example.org@evil.com/", False),
    ],
)
def test_patterns(pattern: str, url: str, allowed: bool) -> None:
    assert Redirects([pattern]).allows(url, SITE) is allowed


def test_a_site_of_its_own_has_no_loopback_names() -> None:
    site = "https://oryx.example.org"
    assert Redirects([]).allows("https://oryx.example.org/x", site)
    assert not Redirects([]).allows("https://localhost/x", site)
    assert not Redirects([]).allows("http://oryx.example.org/x", site)
    assert Redirects([]).safe("https://evil.example", site) == site
    assert Redirects([]).safe(None, site) == site


@pytest.mark.parametrize(
    "url",
    [
        "https://evil-oryx.example.org/",
        "https://evil.oryx.example.org/",
        "https://eviloryx.example.org:443/",
        "https://oryx.example.org.evil.com/",
        "https://oryx.example.org:444/",
        "https://oryx.example.org:80/",
        "https://oryx.example.org:99999/",
        "https://oryx.example.org@evil.com/",
        "https://me@oryx.example.org/",
        "https://me:word@oryx.example.org/",
        "https://@oryx.example.org/",
        "https://evil.com\\@oryx.example.org/",
        "https://oryx.example.org\\.evil.com/",
        "https:\\\\oryx.example.org/",
        "https://oryx.example.org\t.evil.com/",
        "https://\toryx.example.org/",
        "\thttps://oryx.example.org/",
        "ht\ttps://oryx.example.org/",
        "https://oryx.example.org\n/",
    ],
)
def test_what_only_looks_like_the_site(url: str) -> None:
    assert not Redirects([]).allows(url, "https://oryx.example.org")


def test_what_is_added_to_an_address() -> None:
    assert with_query("http://a/b?sb_flow_id=1#c", code="x y") == "http://a/b?sb_flow_id=1&code=x+y#c"
    assert with_fragment("http://a/b?c=1#old", token="t&u") == "http://a/b?c=1#token=t%26u&sb="
