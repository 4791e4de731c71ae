"""Tries an endpoint that should speak the Messages API: one token, and in words what went wrong."""

from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from loguru import logger

from oryxforge.agents.claude.failures import quoted
from oryxforge.domain.errors import Failed, OryxError, Unprocessable
from oryxforge.domain.models import ModelAccess, Provider

if TYPE_CHECKING:
    import httpx

ANTHROPIC = "https://api.anthropic.com"
VERSION = "2023-06-01"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
CONNECT_S = 5.0
ANSWER_S = 45.0

NO_MESSAGES = "{place} answered, but not as the Messages API does. Check the address."
REFUSED = "{place} refused the key. Check that it was copied whole and is still valid."
NO_MODEL = "{place} has no model {model!r}, or the address is not that of a Messages API. Check both."
BUSY = "{place} took the key, but has no room for a request now (too many, or no credit left). Look there, then try again."
BROKEN = "{place} has a fault of its own at the moment ({status}). Try again in a few minutes."
SILENT = (
    "{place} did not answer in {seconds:.0f} seconds. A model of your own may still be loading: try again."
)
UNREACHABLE = "{place} can't be reached from this server. Check the address, and that it runs."
SAID = "{place} refused the request: {said}"


class MessagesProbe:
    """The ModelProbe port. Follows no redirect; goes past proxies where the endpoint is on this machine."""

    def __init__(self, answer_s: float = ANSWER_S, anthropic: str = ANTHROPIC) -> None:
        self._answer_s = answer_s
        self._anthropic = anthropic

    async def check(self, access: ModelAccess) -> None:
        import httpx

        base = access.base_url or self._anthropic
        host = urlsplit(base).hostname or ""
        client = httpx.AsyncClient(
            base_url=base,
            headers=_headers(access),
            timeout=httpx.Timeout(self._answer_s, connect=CONNECT_S),
            trust_env=host not in LOOPBACK,
        )
        try:
            async with client:
                await _ask(client, access, host)
        except httpx.TimeoutException as error:
            silent = SILENT.format(place=host, seconds=self._answer_s)
            raise Failed(silent, code="model_unreachable") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            logger.info("model not reached", host=host, cause=type(error).__name__)
            raise Failed(UNREACHABLE.format(place=host), code="model_unreachable") from error


async def _ask(client: "httpx.AsyncClient", access: ModelAccess, host: str) -> None:
    model = access.model or await _first_model(client, access, host)
    question = {"role": "user", "content": "Hi"}
    answer = await client.post("/v1/messages", json={"model": model, "max_tokens": 1, "messages": [question]})
    told = _good(answer, access, host, model)
    if told.get("type") != "message":
        raise Unprocessable(NO_MESSAGES.format(place=host), code="model_url_invalid")


async def _first_model(client: "httpx.AsyncClient", access: ModelAccess, host: str) -> str:
    found = _good(await client.get("/v1/models", params={"limit": 1}), access, host, "")
    match found.get("data"):
        case [{"id": str(name)}, *_]:
            return name
        case _:
            raise Unprocessable(NO_MESSAGES.format(place=host), code="model_url_invalid")


def _good(answer: "httpx.Response", access: ModelAccess, host: str, model: str) -> dict[str, object]:
    try:
        parsed: object = answer.json()
    except ValueError:
        parsed = None
    told = cast("dict[str, object]", parsed) if isinstance(parsed, dict) else {}
    if answer.is_success and told:
        return told
    raise _fault(answer.status_code, told, access, host, model)


def _fault(status: int, told: dict[str, object], access: ModelAccess, host: str, model: str) -> OryxError:
    said = _said(told, access)
    match status:
        case 401 | 403:
            return Unprocessable(REFUSED.format(place=host), code="model_key_refused")
        case 404:
            return Unprocessable(NO_MODEL.format(place=host, model=model), code="model_not_found")
        case 429 | 529:
            return Failed(BUSY.format(place=host), code="model_limited")
        case _ if status >= 500:
            return Failed(BROKEN.format(place=host, status=status), code="model_failed")
        case _ if said:
            return Unprocessable(SAID.format(place=host, said=said), code="model_refused")
        case _:
            return Unprocessable(NO_MESSAGES.format(place=host), code="model_url_invalid")


def _said(told: dict[str, object], access: ModelAccess) -> str:
    match told.get("error"):
        case {"message": str(message)}:
            return quoted(message, [access.secret] if access.secret else [])
        case _:
            return ""


def _headers(access: ModelAccess) -> dict[str, str]:
    by = (
        {"x-api-key": access.secret}
        if access.provider is Provider.ANTHROPIC
        else {"Authorization": f"Bearer {access.secret or 'none'}"}
    )
    return {**by, "anthropic-version": VERSION, "Accept": "application/json"}
