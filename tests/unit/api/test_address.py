"""Whose Host counts when a client is told where it is."""

import pytest
from starlette.requests import Request

from oryxforge.api.address import reached_at
from oryxforge.settings import Settings

PUBLIC = {"public_url": "https://oryx.example.org/"}


@pytest.mark.parametrize(
    ("host", "settings", "told"),
    [
        ("127.0.0.1:8000", {}, "http://127.0.0.1:8000"),
        ("localhost:9000", {}, "http://localhost:9000"),
        ("[::1]:8000", {}, "http://[::1]:8000"),
        ("10.0.0.5:8000", {"host": "0.0.0.0"}, "http://10.0.0.5:8000"),
        ("evil.example", {"host": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ("a@127.0.0.1:8000", {}, "http://10.0.0.5:8000"),
        ("box.lan:8000", {"allowed_hosts": "Box.lan"}, "http://box.lan:8000"),
        ("oryx.example.org", PUBLIC, "https://oryx.example.org"),
        ("evil.example", PUBLIC, "https://oryx.example.org"),
        ("localhost:8000", PUBLIC, "http://localhost:8000"),
    ],
)
def test_where_it_was_reached(host: str, settings: dict[str, object], told: str) -> None:
    scope = {
        "type": "http",
        "scheme": "http",
        "path": "/config.json",
        "query_string": b"",
        "headers": [(b"host", host.encode())],
        "server": ("10.0.0.5", 8000),
    }
    assert reached_at(Request(scope), Settings.model_validate(settings)) == told
