"""Why a turn did not succeed, in a sentence that helps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from oryxforge.domain.errors import Failed

KEYS = re.compile(r"\b(?:sk|key|tok|pk)-[\w-]{6,}")
PATHS = re.compile(r"(?<![\w:/])(?:/[\w.@+-]+){2,}")
QUOTED = 240


@dataclass(frozen=True)
class End:
    """How the program said that a turn ended; `error` is its word for the last error of the model's service."""

    subtype: str
    status: int | None = None
    error: str | None = None
    text: str = ""
    reason: str | None = None
    cost_usd: float | None = None
    errors: Sequence[str] = ()


REFUSED = "The model service refused the key. Set a valid key (ANTHROPIC_API_KEY, or in the settings), then ask again."
NO_CREDIT = "The account at the model service has no credit left. Add credit there, then ask again."
LIMITED = "The model service has had too many requests from this account. Wait a minute, then ask again."
OVERLOADED = "The model service is overloaded at the moment. Try again in a few minutes."
BROKEN = "The model service has a fault of its own at the moment ({status}). Try again in a few minutes."
UNREACHABLE = (
    "The model service can't be reached. Check the network, the proxy and the address (ANTHROPIC_BASE_URL), "
    "then ask again."
)
NO_MODEL = (
    "The model service has no such model, or this key may not use it. Choose another model in the settings."
)
TOO_LARGE = "The question and what came before are too much for the model. Start a new chat, or ask for less."
BUDGET = "This question used up its budget before the answer was done. Ask a smaller question, or raise the budget."
TURNS = (
    "The answer took more steps than allowed and was stopped. Ask a smaller question, or go on in this chat."
)
UNKNOWN = (
    "The model did not finish its answer. Ask again; if it happens again, `oryxforge doctor` tells more."
)
PROGRAM = (
    "Claude's program stopped before the answer was done{said}. Ask again; `oryxforge doctor` tells more."
)


def failure(end: End, secrets: Sequence[str] = ()) -> Failed:
    """The failure that a turn's end stands for; what it cost so far is in `extra`."""
    code, detail = _told(end, secrets)
    extra = {} if end.cost_usd is None else {"cost_usd": end.cost_usd}
    return Failed(detail, code=code, extra=extra)


def broken(stderr: Sequence[str], secrets: Sequence[str] = ()) -> Failed:
    """The program ended, or never started; the error on its stderr tells why."""
    fault = next((line.strip() for line in stderr if re.match(r"\s*\w*error\b", line, re.IGNORECASE)), "")
    said = f" ({quoted(fault, secrets)})" if fault else ""
    return Failed(PROGRAM.format(said=said), code="model_failed")


def _told(end: End, secrets: Sequence[str]) -> tuple[str, str]:
    match end:
        case End(subtype="error_max_turns"):
            return "too_many_turns", TURNS
        case End(subtype="error_max_budget_usd"):
            return "budget_used_up", BUDGET
        case End(error="billing_error"):
            return "model_limited", NO_CREDIT
        case End(status=401 | 403) | End(error="authentication_failed"):
            return "model_key_refused", REFUSED
        case End(status=404) | End(error="model_not_found"):
            return "model_not_found", NO_MODEL
        case End(status=413):
            return "model_too_large", TOO_LARGE
        case End(status=429) | End(error="rate_limit"):
            return "model_limited", LIMITED
        case End(status=503 | 529) | End(error="overloaded"):
            return "model_overloaded", OVERLOADED
        case End(status=int(status)) if status >= 500:
            return "model_failed", BROKEN.format(status=status)
        case _:
            return _other(end, secrets)


def _other(end: End, secrets: Sequence[str]) -> tuple[str, str]:
    text = end.text.removeprefix("API Error: ").removeprefix(f"{end.status} ").strip()
    if "too long" in text.lower():
        return "model_too_large", TOO_LARGE
    if end.status is None and end.error in ("server_error", "unknown") and end.reason == "api_error":
        return "model_unreachable", UNREACHABLE
    if end.status is not None and text:
        return "model_failed", f"The model service refused the request: {quoted(text, secrets)}"
    return "model_failed", UNKNOWN


def quoted(text: str, secrets: Sequence[str]) -> str:
    """A piece of a service's own words, without keys and paths."""
    for secret in secrets:
        text = text.replace(secret, "…")
    return PATHS.sub("…", KEYS.sub("…", text))[:QUOTED]
