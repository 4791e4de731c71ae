"""What the auth surface is told when it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Provider:
    """A way to sign in elsewhere; `issuer` of OpenID Connect, or none for GitHub, whose API is at `base_url`."""

    name: str
    client_id: str
    client_secret: str
    scopes: str
    issuer: str | None = None
    base_url: str | None = None


@dataclass(frozen=True)
class Smtp:
    """A mail server: `smtp://user:password@host:port` (STARTTLS where offered) or `smtps://…`."""

    url: str
    sender: str


@dataclass(frozen=True)
class AuthConfig:
    """`issuer` is what its tokens name, `public_url` where browsers reach the product, without a path; None takes a
    Host that names the socket.

    `redirects` are patterns (`*` stops at dots and slashes, `**` does not). `rate` multiplies every limit.
    """

    issuer: str
    port: int = 8000
    public_url: str | None = None
    site_url: str | None = None
    redirects: Sequence[str] = ()
    signup: bool = True
    confirmed_at_once: bool = True
    anonymous: bool = False
    reauthenticate: bool = False
    rate: float = 1.0
    providers: Mapping[str, Provider] = field(default_factory=dict[str, Provider])
    smtp: Smtp | None = None
    version: str = ""
