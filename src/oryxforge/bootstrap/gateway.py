"""The Supabase surface of the embedded mode; hosted, Supabase itself is there and none of this is made."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pydantic import SecretStr
from starlette.types import ASGIApp

from oryxforge.adapters.supabase.living import Living
from oryxforge.adapters.supabase.tokens import SigningKey, load_or_create_keys, rotate_keys
from oryxforge.bootstrap.auth import make_auth
from oryxforge.bootstrap.data import make_files, make_pool
from oryxforge.bootstrap.realtime import make_realtime
from oryxforge.embedded.gateway.callers import Callers
from oryxforge.embedded.gateway.keys import ApiKeys
from oryxforge.embedded.gateway.keys import load_or_create_keys as load_or_create_api_keys
from oryxforge.embedded.gateway.rest.app import RestApp
from oryxforge.embedded.gateway.rest.binary import find_postgrest
from oryxforge.embedded.gateway.rest.process import Postgrest, PostgrestSettings
from oryxforge.embedded.gateway.storage.app import StorageApp
from oryxforge.embedded.gateway.storage.parts import StorageSettings
from oryxforge.settings import Settings

DAY_S = 86_400


class Part(Protocol):
    """One prefix of the surface: its app, and what must run beside it."""

    @property
    def app(self) -> ASGIApp: ...
    async def open(self) -> None: ...
    async def close(self) -> None: ...


class Gateway:
    """The parts by their prefix, opened and closed together."""

    def __init__(
        self, keys: ApiKeys, signing: Sequence[SigningKey], callers: Callers, parts: Mapping[str, Part]
    ) -> None:
        self.keys = keys
        self.signing = signing[0]
        self.jwks: Mapping[str, object] = {"keys": [k.jwk for k in signing]}
        self.callers = callers
        self._parts = dict(parts)

    @property
    def apps(self) -> dict[str, ASGIApp]:
        return {prefix: part.app for prefix, part in self._parts.items()}

    async def open(self) -> None:
        for part in self._parts.values():
            await part.open()

    async def close(self) -> None:
        for part in reversed(self._parts.values()):
            await part.close()


def make_gateway(
    settings: Settings, living: Living | None, tell_mail: Callable[[str], None] | None = None
) -> Gateway | None:
    """None where Supabase is hosted.

    `living` tells of accounts that may not act any more, `tell_mail` is given a line for each mail that no server takes.
    """
    if settings.supabase_url:
        return None
    keys = load_or_create_api_keys(settings.api_keys_file)
    if settings.auth_key_days is not None:
        rotate_keys(settings.key_file, settings.auth_key_days * DAY_S)
    signing = load_or_create_keys(settings.key_file)
    callers = Callers(keys, signing, settings.issuer, living)
    parts: dict[str, Part] = {"/rest/v1": _rest(settings, callers)}
    if settings.database_authenticator_url:
        parts["/storage/v1"] = _storage(settings, settings.database_authenticator_url, callers, keys)
    auth = make_auth(settings, callers, tell_mail)
    if auth is not None:
        parts["/auth/v1"] = auth
    realtime = make_realtime(settings, callers)
    if realtime is not None:
        parts["/realtime/v1"] = realtime
    return Gateway(keys, signing, callers, parts)


def _rest(settings: Settings, callers: Callers) -> RestApp:
    url, program = settings.database_authenticator_url, find_postgrest(settings.postgrest)
    if url is None or program is None:
        return RestApp(callers, None)
    return RestApp(callers, Postgrest(PostgrestSettings(program, url.get_secret_value())))


def _storage(settings: Settings, url: SecretStr, callers: Callers, keys: ApiKeys) -> StorageApp:
    pool = make_pool(url.get_secret_value(), settings, settings.api_connections, "oryxforge-storage")
    limit = settings.upload_limit_mb * 1_000_000
    given = StorageSettings(keys.secret, limit, settings.data / "uploads" / "storage")
    return StorageApp(callers, pool, make_files(settings), given)
