"""Sign-in of the embedded mode: what the settings say, as the auth surface takes it."""

from collections.abc import Callable
from importlib.metadata import version

from oryxforge.adapters.postgres.auth.passwords import Passwords
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.bootstrap.accounts import make_sessions
from oryxforge.domain.errors import Invalid
from oryxforge.embedded.gateway.auth.app import AuthApp
from oryxforge.embedded.gateway.auth.config import AuthConfig, Provider, Smtp
from oryxforge.embedded.gateway.auth.context import Auth
from oryxforge.embedded.gateway.auth.hashing import PasswordsInTurn
from oryxforge.embedded.gateway.auth.limits import Limits
from oryxforge.embedded.gateway.auth.mail import make_mailer
from oryxforge.embedded.gateway.auth.providers import make_providers
from oryxforge.embedded.gateway.auth.redirects import Redirects, is_loopback
from oryxforge.embedded.gateway.callers import Callers
from oryxforge.settings import OAuthProvider, Settings

GOOGLE = "https://accounts.google.com"
OPENID = "openid email profile"
GITHUB = "read:user user:email"


def make_auth(settings: Settings, callers: Callers, tell: Callable[[str], None] | None) -> AuthApp | None:
    """None where accounts are not ours. `tell` is given a line for each mail that no server takes."""
    if settings.database_auth_url is None:
        return None
    config = auth_config(settings)
    pool = Pool(settings.database_auth_url.get_secret_value(), most=8, name="oryxforge-gotrue")
    auth = Auth(
        pool=pool,
        config=config,
        sessions=make_sessions(settings),
        passwords=PasswordsInTurn(Passwords()),
        limits=Limits(config.rate),
        redirects=Redirects(config.redirects),
        mailer=make_mailer(config.smtp, pool, tell),
        callers=callers,
        providers=make_providers(config.providers),
    )
    return AuthApp(auth)


def auth_config(settings: Settings) -> AuthConfig:
    """On loopback sign-up is open and confirmed at once; elsewhere neither, unless it is switched on."""
    local = is_loopback(settings.host)
    smtp = settings.smtp_url
    return AuthConfig(
        issuer=settings.issuer,
        port=settings.port,
        public_url=settings.public_url,
        site_url=settings.auth_site_url,
        redirects=settings.auth_redirects,
        signup=local if settings.auth_signup is None else settings.auth_signup,
        confirmed_at_once=(
            local if settings.auth_confirmed_at_once is None else settings.auth_confirmed_at_once
        ),
        anonymous=settings.auth_anonymous,
        reauthenticate=settings.auth_reauthenticate,
        rate=settings.auth_rate,
        providers={name: _provider(name, p) for name, p in settings.oauth_providers.items()},
        smtp=Smtp(smtp.get_secret_value(), settings.smtp_from) if smtp else None,
        version=version("oryxforge"),
    )


def _provider(name: str, given: OAuthProvider) -> Provider:
    """Raises Invalid where a provider other than Google and GitHub names no issuer."""
    issuer = given.issuer or (GOOGLE if name == "google" else None)
    if issuer is None and name != "github":
        raise Invalid(
            f"ORYXFORGE_OAUTH_PROVIDERS: {name} needs an issuer, such as https://sign-in.example.org.",
            code="setting_missing",
        )
    scopes = given.scopes or (OPENID if issuer else GITHUB)
    return Provider(
        name, given.client_id, given.client_secret.get_secret_value(), scopes, issuer, given.base_url
    )
