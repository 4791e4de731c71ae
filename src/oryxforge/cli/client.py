"""The REST API as a command speaks it: JSON in and out, problems raised as the domain's errors."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast
from urllib.parse import urlsplit

import httpx

from oryxforge.cli.events import Event, read_events
from oryxforge.domain.errors import (
    Conflict,
    Failed,
    FieldError,
    Invalid,
    Limited,
    NotAllowed,
    NotFound,
    OryxError,
    TooLarge,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
BY_STATUS: Mapping[int, type[OryxError]] = {
    400: Invalid,
    401: Unauthenticated,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    422: Unprocessable,
    429: Limited,
    503: Unavailable,
}

JsonObject = dict[str, object]
# A file is made whole before its first byte comes, and the server takes ten minutes for that at most.
FILE_MADE_WITHIN_S = 660


@dataclass(frozen=True)
class Incoming:
    """A file as it comes; its size in bytes where the server said one."""

    chunks: Iterator[bytes]
    size: int | None
    headers: Mapping[str, str]


class Client:
    """Calls one server with one token. Every call raises the OryxError that the server's problem stands for."""

    def __init__(self, url: str, token: str) -> None:
        if not token.isascii():
            raise Unauthenticated("This is no token: it has letters that none has.", code="token_invalid")
        self.url = url.rstrip("/")
        self._http = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=httpx.Timeout(30, read=300),
            trust_env=urlsplit(url).hostname not in LOOPBACK,
        )

    def get(self, path: str, **query: str | int | None) -> JsonObject:
        return self.call("GET", path, query=query)

    def post(
        self, path: str, body: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> JsonObject:
        return self.call("POST", path, body, headers=headers)

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, str | int | None] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> JsonObject:
        """The answer's JSON object; a list comes as `{"items": [...]}`, an empty answer as `{}`."""
        params = {k: v for k, v in (query or {}).items() if v is not None}
        with _reaching(self.url):
            answer = self._http.request(method, path, json=body, params=params, headers=headers)
        _check(answer)
        found = answer.json() if answer.content else {}
        return {"items": found} if isinstance(found, list) else found

    def upload(self, path: str, fields: Mapping[str, str], file: BinaryIO, name: str) -> JsonObject:
        """Sends a file and fields as a form, reading the file as it goes."""
        with _reaching(self.url):
            answer = self._http.post(path, data=dict(fields), files={"file": (name, file)}, timeout=None)
        _check(answer)
        return answer.json()

    def fetch(self, path: str, body: Mapping[str, object] | None, accept: str) -> bytes:
        """An answer that is not JSON, whole; without a body it is read, with one posted for."""
        method = "GET" if body is None else "POST"
        with _reaching(self.url):
            answer = self._http.request(method, path, json=body, headers={"Accept": accept})
        _check(answer)
        return answer.content

    @contextmanager
    def download(self, path: str, body: Mapping[str, object]) -> Generator[Incoming]:
        """A file that is posted for, in chunks."""
        timeout = httpx.Timeout(30, read=FILE_MADE_WITHIN_S)
        with (
            _reaching(self.url),
            self._http.stream("POST", path, json=body, headers={"Accept": "*/*"}, timeout=timeout) as answer,
        ):
            _check(answer)
            size = answer.headers.get("Content-Length")
            yield Incoming(answer.iter_bytes(), int(size) if size else None, answer.headers)

    @contextmanager
    def events(
        self, method: str, path: str, body: Mapping[str, object] | None = None, after: str | None = None
    ) -> Generator[Generator[Event]]:
        """A stream of server-sent events; `after` is the id of the last one that was seen."""
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": after} if after else {})}
        timeout = httpx.Timeout(30, read=60)
        with (
            _reaching(self.url),
            self._http.stream(method, path, json=body, headers=headers, timeout=timeout) as answer,
        ):
            _check(answer)
            yield read_events(answer.iter_lines())


@contextmanager
def _reaching(url: str) -> Generator[None]:
    try:
        yield
    except httpx.TimeoutException as error:
        raise Unavailable(f"{url} did not answer in time. Try again.", code="server_silent") from error
    except httpx.UnsupportedProtocol as error:
        raise Invalid(f"{url} is no address of a server.", code="url_invalid") from error
    except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
        raise Unavailable(
            f"{url} broke off before it answered. What was asked may have been done: look before you repeat it.",
            code="server_broke_off",
        ) from error
    except httpx.TransportError as error:
        raise Unavailable(
            f"{url} can't be reached ({error}). Is it running?", code="server_unreachable"
        ) from error
    except httpx.InvalidURL as error:
        raise Invalid(f"{url} is no address of a server.", code="url_invalid") from error


def _check(answer: httpx.Response) -> None:
    if not answer.is_error:
        return
    answer.read()
    try:
        problem = cast("JsonObject", answer.json())
    except ValueError:
        problem = {}
    known = BY_STATUS.get(answer.status_code, Failed)
    faults = problem.get("errors")
    raise known(
        str(problem.get("detail") or f"The server answered {answer.status_code} {answer.reason_phrase}."),
        code=str(problem.get("code") or f"http_{answer.status_code}"),
        errors=[FieldError(str(f["loc"]), str(f["msg"])) for f in faults] if isinstance(faults, list) else (),
        extra={k: v for k, v in problem.items() if k not in ("type", "title", "detail", "code", "errors")},
    )
