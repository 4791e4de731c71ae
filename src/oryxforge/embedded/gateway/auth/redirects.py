"""Where a sign-in may lead: the site itself, and what the allow-list names; anything else leads to the site."""

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit, urlunsplit

# What browsers and parsers read differently, such as a backslash for a slash.
ODD = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}]")
LONGEST = 2000


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Redirects:
    """The allow-list: patterns where `*` stops at dots and slashes and `**` does not."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [_compiled(p) for p in patterns]

    def safe(self, wanted: str | None, site: str) -> str:
        """`wanted` where it is allowed, else `site`."""
        return wanted if wanted and self.allows(wanted, site) else site

    def allows(self, wanted: str, site: str) -> bool:
        if len(wanted) > LONGEST or ODD.search(wanted):
            return False
        try:
            url, home = urlsplit(wanted), urlsplit(site)
            ports = _port(url.scheme, url.port), _port(home.scheme, home.port)
        except ValueError:
            return False
        if url.username is not None or url.password is not None or not url.scheme:
            return False
        if (
            _is_same(url.hostname or "", home.hostname or "")
            and url.scheme == home.scheme
            and ports[0] == ports[1]
            and wanted.startswith(f"{url.scheme}://")
        ):
            return True
        without_fragment = urlunsplit(url._replace(fragment=""))
        return any(p.fullmatch(without_fragment) or p.fullmatch(wanted) for p in self._patterns)


def with_query(url: str, /, **more: str) -> str:
    parts = urlsplit(url)
    query = "&".join(q for q in (parts.query, urlencode(more)) if q)
    return urlunsplit(parts._replace(query=query))


def with_fragment(url: str, **more: object) -> str:
    return urlunsplit(urlsplit(url)._replace(fragment=urlencode(more) + "&sb="))


def _is_same(host: str, ours: str) -> bool:
    # Of the loopback names only these two: any other address of it may be somebody else's on the same port.
    return host == ours or {host, ours} == {"localhost", "127.0.0.1"}


def _port(scheme: str, port: int | None) -> int | None:
    return port or {"http": 80, "https": 443}.get(scheme)


def _compiled(pattern: str) -> re.Pattern[str]:
    found = re.split(r"(\*\*|\*|\?)", pattern.rstrip("/"))
    words = {"**": ".*", "*": "[^./?#@:]*", "?": "[^./]"}
    return re.compile("".join(words.get(part, re.escape(part)) for part in found) + "/?")
