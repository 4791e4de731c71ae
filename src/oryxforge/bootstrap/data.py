"""Adapters that the API, the worker and `ask` choose alike."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.files.store import FsspecFiles
from oryxforge.adapters.postgres.places import shares_backends
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.supabase.jwks import JwksVerifier
from oryxforge.adapters.supabase.migrating import MigratingVerifier
from oryxforge.adapters.supabase.tokens import LocalVerifier, SecretVerifier, load_or_create_keys
from oryxforge.domain.errors import Invalid
from oryxforge.ports.accounts import TokenVerifier
from oryxforge.settings import Settings


def make_engine(settings: Settings, root: str) -> DuckEngine:
    return DuckEngine(
        root,
        memory_limit=settings.engine_memory,
        threads=settings.engine_threads,
        temp_folder=Path(settings.data) / "tmp",
    )


def make_files(settings: Settings) -> FsspecFiles:
    return FsspecFiles(settings.files_root)


def make_pool(url: str, settings: Settings, most: int, name: str) -> Pool:
    if settings.database_pooled:
        return Pool(url, most=most, cached_statements=0, name=name)
    # Poolers are reached by the network; our own database by a socket, where the question would only cost time.
    by_network = urlsplit(url).hostname is not None
    return Pool(url, most=most, name=name, is_pooled=shares_backends if by_network else None)


def make_verifier(settings: Settings) -> TokenVerifier:
    """Embedded: the install's own keys. Hosted: the published ones, and the shared secret where one is set."""
    secret = settings.supabase_jwt_secret
    shared = SecretVerifier(secret.get_secret_value(), settings.issuer) if secret else None
    if settings.supabase_url:
        published = JwksVerifier(settings.jwks_url, settings.issuer)
        return MigratingVerifier(shared, published) if shared else published
    return shared or LocalVerifier(load_or_create_keys(settings.key_file), settings.issuer)


def need(value: SecretStr | None, name: str) -> str:
    """A setting that a process can't do without. Raises Invalid that names it."""
    if value is None:
        raise Invalid(
            f"{name} is not set. Set it, or run `oryxforge up`, which brings its own database.",
            code="setting_missing",
        )
    return value.get_secret_value()
