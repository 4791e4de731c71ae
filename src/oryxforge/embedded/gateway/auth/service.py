"""What the surface says of itself, and the outbox."""

from starlette.responses import Response

from oryxforge.adapters.postgres.auth import outbox
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, answer, signed_in
from oryxforge.embedded.gateway.auth.errors import AuthError
from oryxforge.embedded.gateway.auth.redirects import is_loopback
from oryxforge.embedded.gateway.callers import Refused


async def health(auth: Auth, ask: Ask) -> Response:
    return answer({"name": "GoTrue", "version": auth.config.version, "description": "OryxForge sign-in"})


async def discovery(auth: Auth, ask: Ask) -> Response:
    """Whom tokens name as their issuer, and where its keys are (OpenID Connect Discovery)."""
    issuer = auth.config.issuer
    return answer({"issuer": issuer, "jwks_uri": f"{issuer}/.well-known/jwks.json"})


async def settings(auth: Auth, ask: Ask) -> Response:
    config = auth.config
    ways = {
        "email": True,
        "phone": False,
        "anonymous_users": config.anonymous,
        "google": False,
        "github": False,
    }
    return answer(
        {
            "external": ways | dict.fromkeys(config.providers, True),
            "disable_signup": not config.signup,
            "mailer_autoconfirm": config.confirmed_at_once,
            "phone_autoconfirm": False,
            "sms_provider": "",
            "saml_enabled": False,
        }
    )


async def show_outbox(auth: Auth, ask: Ask) -> Response:
    """The last mails of an installation without a mail server: for its owner, or the secret key on this machine."""
    async with auth.pool.connection() as db:
        if not _is_service(auth, ask):
            who = await signed_in(auth, ask, db)
            if not who.user.is_owner:
                raise AuthError(403, "not_admin", "Only the owner of this installation may read its outbox")
        return answer({"mails": await outbox.last(db)})


def _is_service(auth: Auth, ask: Ask) -> bool:
    key = ask.request.headers.get("apikey")
    bearer = ask.bearer
    try:
        role = auth.callers.named(key, bearer).role
    except Refused:
        return False
    return role == "service_role" and is_loopback(ask.address)
