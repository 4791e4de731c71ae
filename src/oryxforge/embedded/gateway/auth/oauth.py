"""GET /authorize, /callback and /user/identities/authorize: sign-in by a provider, bound to the browser that began it."""

from dataclasses import dataclass
from http.cookies import SimpleCookie

from starlette.responses import RedirectResponse, Response

from oryxforge.adapters.postgres.auth import flows, users
from oryxforge.adapters.postgres.auth.flows import Flow
from oryxforge.adapters.postgres.auth.secret import hashed, new_secret, same
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.adapters.postgres.pool import Connection
from oryxforge.embedded.gateway.auth.asking import Ask
from oryxforge.embedded.gateway.auth.context import Auth, SignedIn, answer, banned, merged, signed_in
from oryxforge.embedded.gateway.auth.errors import AuthError, invalid, signups_off
from oryxforge.embedded.gateway.auth.linking import (
    address_of,
    identity_of,
    kept,
    linkable,
    linked,
    waits_for_verifier,
)
from oryxforge.embedded.gateway.auth.providers import Person
from oryxforge.embedded.gateway.auth.redirects import with_fragment, with_query
from oryxforge.embedded.gateway.auth.verify import with_session
from oryxforge.embedded.gateway.auth.wishes import wishes

CALLBACK = "/auth/v1/callback"
COOKIE = "oryxforge_flow_"
COOKIE_S = 600
ELSEWHERE = (
    'Linking from a page on another origin needs createClient(url, key, { auth: { flowType: "pkce" } })'
)
BAD_STATE = "OAuth callback with an invalid or expired state; begin again in the same browser"


@dataclass(frozen=True)
class _Begun:
    url: str
    cookie: str


async def authorize(auth: Auth, ask: Ask) -> Response:
    auth.limits.take("authorize address", ask.address)
    begun = await _begin(auth, ask, None)
    response: Response = RedirectResponse(begun.url, 302, {"cache-control": "no-store"})
    if ask.query("skip_http_redirect") == "true":
        response = answer({"url": begun.url})
    response.headers.append("set-cookie", begun.cookie)
    return response


async def link(auth: Auth, ask: Ask) -> Response:
    """One more way to sign in for who is signed in.

    Raises AuthError for a page on another origin without a verifier: its browser keeps no cookie of this answer, so
    nothing would tell it from one that is made to finish what somebody else began.
    """
    origin = ask.request.headers.get("origin")
    if origin and origin != auth.base(ask) and ask.challenge(from_query=True) is None:
        raise invalid(ELSEWHERE)
    async with auth.pool.connection() as db:
        who = await signed_in(auth, ask, db)
    begun = await _begin(auth, ask, who)
    response = answer({"url": begun.url})
    if ask.query("skip_http_redirect") != "true":
        response = RedirectResponse(begun.url, 302, {"cache-control": "no-store"})
    response.headers.append("set-cookie", begun.cookie)
    return response


async def callback(auth: Auth, ask: Ask) -> Response:
    """The provider sends the browser here; a state counts once, in the browser that it was given to.

    Or in any, where the verifier that only that one has is still to come.
    """
    state, code = ask.query("state"), ask.query("code")
    site = auth.site(ask)
    if not 0 < len(state) <= 200:
        return _failed(site, AuthError(400, "bad_oauth_state", BAD_STATE))
    async with auth.transaction() as db:
        flow = await flows.take_state(db, state)
    provider = auth.providers.get(flow.provider) if flow else None
    if flow is None or provider is None or flow.expired or not _proven(ask, state, flow):
        return _failed(site, AuthError(400, "bad_oauth_state", BAD_STATE))
    landing = auth.redirects.safe(flow.referrer, site)
    try:
        if not 0 < len(code) <= 4096:
            raise AuthError(400, "bad_oauth_callback", _told(ask) or "OAuth callback without a code")
        url = f"{auth.base(ask)}{CALLBACK}"
        person = await provider.person(url, code, flow.nonce or "", flow.provider_verifier or "")
        return RedirectResponse(await _landed(auth, ask, flow, person, landing), 302, _PRIVATE)
    except AuthError as error:
        return _failed(landing, error, pkce=flow.challenge is not None)


_PRIVATE = {"cache-control": "no-store"}


async def _begin(auth: Auth, ask: Ask, who: SignedIn | None) -> _Begun:
    name = ask.query("provider")
    provider = auth.providers.get(name)
    if provider is None:
        raise AuthError(400, "validation_failed", "Unsupported provider: provider is not enabled")
    challenge = ask.challenge(from_query=True)
    state, nonce, verifier, browser = (new_secret() for _ in range(4))
    url = await provider.address(f"{auth.base(ask)}{CALLBACK}", state, nonce, verifier, wishes(ask))
    async with auth.transaction() as db:
        await flows.begin(
            db,
            challenge,
            provider=name,
            method="oauth",
            referrer=auth.landing(ask),
            linking=who.user.id if who else None,
            state=state,
            browser=browser,
            nonce=nonce,
            verifier=verifier,
        )
    secure = "; Secure" if auth.base(ask).startswith("https:") else ""
    cookie = f"{_cookie_name(state)}={browser}; Path={CALLBACK}; Max-Age={COOKIE_S}; HttpOnly; SameSite=Lax{secure}"
    return _Begun(url, cookie)


async def _landed(auth: Auth, ask: Ask, flow: Flow, person: Person, landing: str) -> str:
    async with auth.transaction() as db:
        if waits_for_verifier(flow):
            user = await linkable(db, flow, person)
        elif flow.linking is not None:
            user = await linked(db, flow, person)
        else:
            user = await known_or_new(auth, db, flow.provider, person)
        if user.banned:
            raise banned()
        if flow.challenge is not None:
            waiting = kept(person) if waits_for_verifier(flow) else None
            code = await flows.give_code(db, flow.id, user.id, person.access_token, waiting)
            return with_query(landing, code=code)
        session = await auth.sessions.start(db, user.id, "oauth", ask.client)
    return with_session(landing, session, provider_token=person.access_token)


async def known_or_new(auth: Auth, db: Connection, provider: str, person: Person) -> User:
    """By the identity; else by an address that the provider has verified; else a new account."""
    known = await users.by_identity(db, provider, person.id)
    if known is None:
        known = await _by_address(auth, db, person)
    await users.add_identity(db, known.id, provider, person.id, identity_of(person))
    again = await users.by_id(db, known.id)
    assert again is not None
    return again


async def _by_address(auth: Auth, db: Connection, person: Person) -> User:
    email = address_of(person)
    if email is None or not person.verified:
        raise AuthError(
            422,
            "provider_email_needs_verification",
            "Verify your e-mail address at the provider, then try again",
        )
    known = await users.by_email(db, email, lock=True)
    if known is not None:
        return await users.confirm(db, known, keep_password=False)
    if not auth.config.signup:
        raise signups_off()
    made = await users.add(
        db, email, confirmed=True, user_metadata=merged({}, dict(person.data)), identity=False
    )
    if made is None:
        raise invalid("Try again")
    return made


def _proven(ask: Ask, state: str, flow: Flow) -> bool:
    """Whether it is the browser that began, or will have to be."""
    if waits_for_verifier(flow):
        return True
    cookies: SimpleCookie = SimpleCookie()
    cookies.load(ask.request.headers.get("cookie", "")[:8192])
    found = cookies.get(_cookie_name(state))
    return (
        found is not None and flow.browser_hash is not None and same(hashed(found.value), flow.browser_hash)
    )


def _cookie_name(state: str) -> str:
    return COOKIE + hashed(state)[:16]


def _told(ask: Ask) -> str:
    """What the provider says of a refusal, as plain text."""
    said = ask.query("error_description") or ask.query("error")
    return "".join(c for c in said[:200] if c.isprintable())


def _failed(landing: str, error: AuthError, *, pkce: bool = False) -> Response:
    kind = "server_error" if error.status >= 500 else "access_denied"
    told = {"error": kind, "error_code": error.code, "error_description": error.message}
    url = with_query(landing, **told) if pkce else with_fragment(landing, **told)
    return RedirectResponse(url, 302, _PRIVATE)
