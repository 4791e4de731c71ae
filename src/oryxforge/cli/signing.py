"""What `doctor` looks at in how hosted Supabase signs tokens: by which keys, and in whose name."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import jwt

from oryxforge.adapters.supabase.tokens import access_claims
from oryxforge.cli.findings import Finding, Verdict
from oryxforge.settings import Settings

if TYPE_CHECKING:
    import httpx

SETTING = "SUPABASE_JWT_SECRET"
OF_SUPABASE = ".supabase.co"
# GoTrue's words for a token whose signature counts, and which names nobody.
SIGNED = frozenset({"user_not_found", "session_not_found"})


async def examine_keys(settings: Settings, supabase: "httpx.AsyncClient") -> Finding:
    """The published keys, and whether the secret that was given is one that the project signs by."""
    import httpx

    url = settings.jwks_url
    try:
        answer = await supabase.get("/auth/v1/.well-known/jwks.json")
        keys = answer.json()["keys"] if answer.status_code == 200 else []
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        fix = "Check that SUPABASE_URL is the project's, and that it answers."
        return Finding("signing keys", Verdict.FAIL, f"{url} can't be read ({type(error).__name__})", fix)
    if settings.supabase_jwt_secret is not None:
        secret = settings.supabase_jwt_secret.get_secret_value()
        counts = await _counts(secret, settings, supabase)
        return _of_secret(counts, len(keys), url)
    if not keys:
        fix = f"Set {SETTING}, or move the project to asymmetric signing keys."
        return Finding("signing keys", Verdict.FAIL, f"{url} publishes no key", fix)
    return Finding("signing keys", Verdict.OK, f"{len(keys)} at {url}")


def _of_secret(counts: bool | None, published: int, url: str) -> Finding:
    beside = f"{published} at {url}, and " if published else "the shared secret, "
    copy = "Copy the JWT secret from the project's settings, JWT keys"
    if counts is None:
        told = f"{beside}{SETTING}; whether it is the project's can't be told"
        return Finding("signing keys", Verdict.WARN, told, f"{copy}, and try a sign-in.")
    if counts:
        return Finding("signing keys", Verdict.OK, f"{beside}{SETTING}, by which it takes tokens")
    told = f"{SETTING} is not a secret that the project signs by: it refuses a token of it"
    unset = f"Unset it: its tokens are signed by the {published} at {url}. Or: " if published else ""
    return Finding("signing keys", Verdict.FAIL, told, f"{unset}{copy}.")


async def _counts(secret: str, settings: Settings, supabase: "httpx.AsyncClient") -> bool | None:
    """Whether the project takes a token that the secret signs; it names nobody, so that nothing comes of it."""
    import httpx

    claims = access_claims(uuid4(), None, settings.issuer, 60, "doctor")
    bearer = {"Authorization": f"Bearer {jwt.encode(claims, secret, algorithm='HS256')}"}
    try:
        answer = await supabase.get("/auth/v1/user", headers=bearer)
        code = _code(answer.json())
    except (httpx.HTTPError, ValueError):
        return _signed_the_key(secret, settings.supabase_publishable_key or "")
    if code == "bad_jwt":
        return False
    return True if code in SIGNED else _signed_the_key(secret, settings.supabase_publishable_key or "")


def _signed_the_key(secret: str, key: str) -> bool | None:
    """Whether it signed the publishable key; None where that is one of the new ones, which nothing signs."""
    if key.count(".") != 2:
        return None
    try:
        jwt.decode(key, secret, algorithms=["HS256"], options={"verify_aud": False, "verify_exp": False})
    except jwt.PyJWTError:
        return False
    return True


def _code(body: object) -> object:
    """GoTrue's word for an error; older ones have a number in its place."""
    if not isinstance(body, dict):
        return None
    said: dict[str, object] = body
    return said.get("error_code") or said.get("code")


async def examine_issuer(settings: Settings, supabase: "httpx.AsyncClient") -> Finding:
    """Whether tokens name the issuer that ours are asked for."""
    wanted = settings.issuer
    issuer = await _issuer(supabase)
    if issuer == wanted:
        return Finding("issuer", Verdict.OK, wanted)
    if issuer is not None:
        told = f"tokens name {issuer}, and {wanted} is expected, so all of them would be refused"
        return Finding("issuer", Verdict.FAIL, told, _named_alike(issuer))
    if (urlsplit(wanted).hostname or "").endswith(OF_SUPABASE):
        return Finding("issuer", Verdict.OK, wanted)
    told = f"{wanted} is expected; which one its tokens name, it doesn't say"
    return Finding(
        "issuer", Verdict.WARN, told, "If sign-in is refused, set ORYXFORGE_AUTH_ISSUER to their `iss`."
    )


def _named_alike(issuer: str) -> str:
    by_issuer = f"ORYXFORGE_AUTH_ISSUER={issuer}"
    url = issuer.removesuffix("/auth/v1")
    return f"Set {by_issuer}." if url == issuer else f"Set SUPABASE_URL={url}, or {by_issuer}."


async def _issuer(supabase: "httpx.AsyncClient") -> str | None:
    import httpx

    try:
        answer = await supabase.get("/auth/v1/.well-known/openid-configuration")
        said = answer.json() if answer.status_code == 200 else {}
    except (httpx.HTTPError, ValueError):
        return None
    issuer: object = said.get("issuer") if isinstance(said, dict) else None
    return issuer if isinstance(issuer, str) else None
