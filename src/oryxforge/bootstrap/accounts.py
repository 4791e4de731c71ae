"""Accounts of the embedded mode."""

from uuid import UUID

from oryxforge.adapters.postgres.accounts import PgAccounts
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.supabase.tokens import access_claims, load_or_create_key
from oryxforge.settings import Settings

OWNER_EMAIL = "owner@localhost"


def make_accounts(settings: Settings, pools: list[Pool]) -> PgAccounts | None:
    """Accounts of the embedded mode; its pool is added to `pools`."""
    if settings.supabase_url or settings.database_auth_url is None:
        return None
    key, issuer = load_or_create_key(settings.key_file), settings.issuer
    pool = Pool(settings.database_auth_url.get_secret_value(), most=4, name="oryxforge-auth")
    pools.append(pool)

    def sign(user_id: UUID, email: str | None, ttl_s: int, method: str) -> str:
        return key.sign(access_claims(user_id, email, issuer, ttl_s, method))

    return PgAccounts(pool, sign)
