"""Everything that can be set, read once from the environment by the doors; nothing below reads the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BaseModel, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from oryxforge.adapters.supabase.api_keys import KNOWN_TO_ALL, role_of


def _plain(name: str) -> AliasChoices:
    """A setting that other programs know too: accepted with and without our prefix."""
    return AliasChoices(name.lower(), f"oryxforge_{name.lower()}")


class OAuthProvider(BaseModel):
    """A way to sign in elsewhere. `google` and `github` need no more than the first two; others name their issuer."""

    client_id: str
    client_secret: SecretStr
    issuer: str | None = None
    scopes: str | None = None
    base_url: str | None = None


class Settings(BaseSettings):
    """Settings of one process; each is `ORYXFORGE_<NAME>` unless it says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="ORYXFORGE_",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    data: Path = Field(default_factory=lambda: Path.home() / ".oryxforge")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    no_browser: bool = False
    instance: str = ""

    database_url: SecretStr | None = Field(None, validation_alias=_plain("DATABASE_URL"))
    database_session_url: SecretStr | None = Field(None, validation_alias=_plain("DATABASE_SESSION_URL"))
    database_worker_url: SecretStr | None = Field(None, validation_alias=_plain("DATABASE_WORKER_URL"))
    database_worker_session_url: SecretStr | None = Field(
        None, validation_alias=_plain("DATABASE_WORKER_SESSION_URL")
    )
    database_owner_url: SecretStr | None = Field(None, validation_alias=_plain("DATABASE_OWNER_URL"))
    database_auth_url: SecretStr | None = Field(None, validation_alias=_plain("DATABASE_AUTH_URL"))
    database_authenticator_url: SecretStr | None = Field(
        None, validation_alias=_plain("DATABASE_AUTHENTICATOR_URL")
    )
    database_realtime_url: SecretStr | None = Field(None, validation_alias=_plain("DATABASE_REALTIME_URL"))
    database_pooled: bool = False
    api_connections: int = Field(16, ge=2)
    worker_connections: int = Field(12, ge=2)

    supabase_url: str | None = Field(None, validation_alias=_plain("SUPABASE_URL"))
    supabase_publishable_key: str | None = Field(None, validation_alias=_plain("SUPABASE_PUBLISHABLE_KEY"))
    supabase_jwt_secret: SecretStr | None = Field(None, validation_alias=_plain("SUPABASE_JWT_SECRET"))

    postgrest: Path | None = None

    auth_issuer: str | None = None
    public_url: str | None = None
    auth_site_url: str | None = None
    auth_redirects: Annotated[tuple[str, ...], NoDecode] = ()
    auth_signup: bool | None = None
    auth_confirmed_at_once: bool | None = None
    auth_anonymous: bool = False
    auth_reauthenticate: bool = False
    auth_token_ttl_s: int = Field(3600, ge=30, le=604_800)
    auth_key_days: int | None = Field(None, ge=1)
    auth_rate: float = Field(1, gt=0)
    oauth_providers: dict[str, OAuthProvider] = Field(default_factory=dict[str, OAuthProvider])
    smtp_url: SecretStr | None = None
    smtp_from: str = "OryxForge <oryxforge@localhost>"
    seed_sample: bool = False

    files: str | None = None
    upload_limit_mb: int = Field(20_480, ge=1)
    body_limit_mb: int = Field(4, ge=1)
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()

    agent: str | None = None
    model: str | None = None
    anthropic_api_key: SecretStr | None = Field(None, validation_alias=_plain("ANTHROPIC_API_KEY"))
    anthropic_auth_token: SecretStr | None = Field(None, validation_alias=_plain("ANTHROPIC_AUTH_TOKEN"))
    anthropic_base_url: str | None = Field(None, validation_alias=_plain("ANTHROPIC_BASE_URL"))
    claude_login: bool = False
    max_turns: int = Field(40, ge=1)
    max_budget_usd: float | None = Field(None, gt=0)
    max_claude: int = Field(6, ge=1)
    llm: str | None = None
    llm_base_url: str | None = None
    llm_api_key: SecretStr | None = None

    worker_concurrency: int = Field(256, ge=1)
    silent_after_s: float = Field(8, gt=0)
    engine_memory: str = "512MB"
    engine_threads: int = Field(2, ge=1)
    scripted_agent: bool = False

    log_level: str = "INFO"
    log_json: bool | None = None

    @field_validator("cors_origins", "allowed_hosts", "trusted_proxies", "auth_redirects", mode="before")
    @classmethod
    def _by_comma(cls, value: object) -> object:
        return tuple(v.strip() for v in value.split(",") if v.strip()) if isinstance(value, str) else value

    @field_validator("supabase_publishable_key")
    @classmethod
    def _for_everybody(cls, key: str | None) -> str | None:
        if key and role_of(key) not in ("anon", None):
            raise PydanticCustomError(
                "secret_key",
                "it is a secret key, which /config.json would hand to everybody. "
                "Give the publishable key (sb_publishable_…, or the old one of the role anon)",
            )
        return key

    @field_validator("supabase_jwt_secret")
    @classmethod
    def _known_to_few(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and secret.get_secret_value() in KNOWN_TO_ALL:
            raise PydanticCustomError(
                "public_secret",
                "it is the one of Supabase's examples, by which everybody can sign in as anybody. "
                "Give your Supabase a JWT secret of its own",
            )
        return secret

    @property
    def issuer(self) -> str:
        """Who signs tokens: hosted Supabase, or this install by where browsers reach it."""
        return self.auth_issuer or f"{(self.supabase_url or self.own_address).rstrip('/')}/auth/v1"

    @property
    def own_address(self) -> str:
        """Where browsers reach this install, as far as the settings tell."""
        return (self.public_url or self._own_url).rstrip("/")

    @property
    def _own_url(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def jwks_url(self) -> str:
        """Where hosted Supabase publishes its keys, whatever it calls itself in tokens."""
        return f"{(self.supabase_url or '').rstrip('/')}/auth/v1/.well-known/jwks.json"

    @property
    def key_file(self) -> Path:
        return self.data / "secrets" / "jwt.json"

    @property
    def api_keys_file(self) -> Path:
        return self.data / "secrets" / "keys.json"

    @property
    def files_root(self) -> str:
        return self.files or str(self.data / "files")

    @property
    def claude_configured(self) -> bool:
        """A key, an endpoint with a token, or an existing login that was asked for."""
        by_endpoint = self.anthropic_base_url is not None and self.anthropic_auth_token is not None
        return self.anthropic_api_key is not None or by_endpoint or self.claude_login

    @property
    def default_agent(self) -> str:
        return self.agent or ("claude" if self.claude_configured else "quick")
