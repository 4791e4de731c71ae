"""What a client asks of a provider beside our own words: further scopes, and parameters such as `prompt`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.errors import invalid
from oryxforge.embedded.gateway.auth.redirects import with_query

MOST = 20
LONGEST = 1_000
# RFC 6749, 3.3.
SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
OURS = frozenset(
    {"provider", "scopes", "redirect_to", "skip_http_redirect", "apikey", "code_challenge",
     "code_challenge_method", "invite_token"}
)  # fmt: skip
# What would change who is asked, for whom, or how the answer comes back; what an address says already is kept too.
FIXED = frozenset(
    {"client_id", "client_secret", "client_assertion", "client_assertion_type", "redirect_uri", "response_type",
     "response_mode", "scope", "state", "nonce", "code", "code_verifier", "request", "request_uri", "registration"}
)  # fmt: skip


@dataclass(frozen=True)
class Wishes:
    """Scopes to add to a provider's own, and parameters that its address does not say yet."""

    scopes: Sequence[str] = ()
    query: Mapping[str, str] = field(default_factory=dict[str, str])

    def scope(self, own: str) -> str:
        return " ".join(dict.fromkeys([*own.split(), *self.scopes]))

    def added(self, url: str) -> str:
        known = {name.lower() for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
        return with_query(url, **{n: v for n, v in self.query.items() if n.lower() not in known})


def wishes(ask: Ask) -> Wishes:
    """Raises AuthError where they are no scopes, or too many."""
    text = ask.query("scopes")
    scopes = re.split(r"[ ,]+", text.strip(" ,")) if text.strip(" ,") else []
    if len(text) > LONGEST or not all(SCOPE.fullmatch(s) for s in scopes):
        raise invalid("scopes must be words with spaces between")
    query = {n: v for n, v in ask.request.query_params.items() if n.lower() not in OURS | FIXED}
    if len(query) > MOST or any(len(n) + len(v) > LONGEST for n, v in query.items()):
        raise invalid(f"A provider takes {MOST} parameters at most, of {LONGEST} characters each")
    return Wishes(scopes, query)
