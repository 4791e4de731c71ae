"""Accounts of the embedded mode."""

from collections.abc import Collection
from uuid import UUID

from oryxforge.adapters.postgres.accounts import PgAccounts
from oryxforge.adapters.postgres.auth.sessions import Methods, Sessions
from oryxforge.adapters.postgres.auth.users import User
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.supabase.living import Fault, Faults, Living
from oryxforge.adapters.supabase.tokens import access_claims, load_or_create_key
from oryxforge.settings import Settings

OWNER_EMAIL = "owner@localhost"


def make_accounts(settings: Settings, pools: list[Pool]) -> PgAccounts | None:
    """Accounts of the embedded mode; its pool is added to `pools`."""
    if settings.supabase_url or settings.database_auth_url is None:
        return None
    pool = Pool(settings.database_auth_url.get_secret_value(), most=4, name="oryxforge-auth")
    pools.append(pool)
    return PgAccounts(pool, make_sessions(settings))


def make_living(accounts: PgAccounts) -> Living:
    """Whether the accounts that tokens name may still act."""

    async def ask(users: Collection[UUID]) -> Faults:
        found = await accounts.banned_of(users)
        return {user: Fault.BANNED if banned else Fault.GONE for user, banned in found.items()}

    return Living(ask)


def make_sessions(settings: Settings) -> Sessions:
    """Sessions whose tokens the install's newest key signs."""
    key, issuer = load_or_create_key(settings.key_file), settings.issuer

    def sign(user: User, session_id: UUID, methods: Methods, ttl_s: int) -> str:
        return key.sign(
            access_claims(
                user.id,
                user.email,
                issuer,
                ttl_s,
                "",
                phone=user.row["phone"] or "",
                app_metadata=user.app_metadata,
                user_metadata=user.user_metadata,
                amr=methods,
                session_id=str(session_id),
                is_anonymous=user.anonymous,
            )
        )

    return Sessions(sign, settings.auth_token_ttl_s)
