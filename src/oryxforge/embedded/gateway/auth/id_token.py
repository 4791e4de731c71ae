"""POST /token?grant_type=id_token: a session for an ID token that the client got from a provider itself."""

from starlette.responses import Response

from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, answer, banned, session_body
from oryxforge.embedded.gateway.auth.errors import AuthError
from oryxforge.embedded.gateway.auth.oauth import known_or_new
from oryxforge.embedded.gateway.auth.providers import OpenIdConnect

LONGEST = 16_384


async def by_id_token(auth: Auth, ask: Ask) -> Response:
    """The token must be for us, whole, in time, and of the sign-in whose nonce the client kept."""
    token, nonce = ask.need("id_token", LONGEST), ask.text("nonce", 1024)
    access_token = ask.text("access_token", LONGEST)
    name, provider = _provider(auth, ask.text("provider", 200), ask.text("issuer", 1024))
    auth.limits.take("verify address", ask.address)
    person = await provider.of_id_token(token, nonce, access_token)
    async with auth.transaction() as db:
        user = await known_or_new(auth, db, name, person)
        if user.banned:
            raise banned()
        session = await auth.sessions.start(db, user.id, "oauth", ask.client)
    return answer(session_body(session))


def _provider(auth: Auth, name: str, issuer: str) -> tuple[str, OpenIdConnect]:
    """By its name, or by the issuer where the client names none. Raises AuthError."""
    for known, provider in auth.providers.items():
        if isinstance(provider, OpenIdConnect) and (known == name if name else provider.issues_as(issuer)):
            return known, provider
    told = f"Provider {name}" if name else f'Provider (issuer "{issuer}")'
    raise AuthError(400, "provider_disabled", f"{told} is not enabled for sign-in by an ID token")
