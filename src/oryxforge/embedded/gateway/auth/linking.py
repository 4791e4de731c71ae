"""One more way to sign in: a provider's identity tied to the account of who is signed in."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime

from oryxforge.adapters.postgres.auth import one_time, users
from oryxforge.adapters.postgres.auth.emails import is_plain, normal_email
from oryxforge.adapters.postgres.auth.flows import Flow
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.adapters.postgres.pool import Connection
from oryxforge.embedded.gateway.auth.errors import AuthError
from oryxforge.embedded.gateway.auth.providers import Person


def waits_for_verifier(flow: Flow) -> bool:
    """Whether a flow links only when its code comes back with the verifier.

    That proves the browser that began, as the cookie does, and a page on another origin can have no cookie of ours:
    else a stranger could have a victim finish what they began, and tie the victim's identity to their own account.
    """
    return flow.linking is not None and flow.challenge is not None


def kept(person: Person) -> Mapping[str, object]:
    """A person as a flow keeps them until its code comes back; their token is kept beside."""
    return asdict(replace(person, data=dict(person.data), access_token=""))


async def linked_after_all(db: Connection, flow: Flow) -> User:
    """Links whom a flow has kept. Raises AuthError."""
    assert flow.person is not None
    return await linked(db, flow, Person(**flow.person))


async def linked(db: Connection, flow: Flow, person: Person) -> User:
    """The account that a flow links to, with the identity. Raises AuthError."""
    user = await linkable(db, flow, person)
    await users.add_identity(db, user.id, flow.provider, person.id, identity_of(person))
    if user.anonymous:
        await _named(db, user, person)
    return await users.by_id(db, user.id) or user


async def linkable(db: Connection, flow: Flow, person: Person) -> User:
    """The account that a flow links to. Raises AuthError where the identity is another's."""
    assert flow.linking is not None
    known = await users.by_identity(db, flow.provider, person.id)
    if known is not None and known.id != flow.linking:
        raise AuthError(422, "identity_already_exists", "Identity is already linked to another user")
    user = await users.by_id(db, flow.linking, lock=True)
    if user is None:
        raise AuthError(403, "user_not_found", "User not found")
    return user


def identity_of(person: Person) -> dict[str, object]:
    """What an identity keeps of a person."""
    return {**person.data, "sub": person.id, "email": person.email or "", "email_verified": person.verified}


def address_of(person: Person) -> str | None:
    """None for a look-alike too: a provider that has verified it has not verified the address it would become."""
    return normal_email(person.email) if person.email and is_plain(person.email) else None


async def _named(db: Connection, user: User, person: Person) -> None:
    """A guest becomes somebody, by the address too where the provider has verified it and nobody else has it."""
    email = address_of(person) if person.verified else None
    if email is None or await users.by_email(db, email) is not None:
        await users.change(db, user.id, is_anonymous=False)
        return
    await users.change(db, user.id, is_anonymous=False, email=email, email_confirmed_at=datetime.now(UTC))
    await one_time.forget(db, user.id)
