"""The API keys of an install: what a Supabase client sends as `apikey`."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

import jwt

from oryxforge.adapters.supabase.secret_files import create_secrets

ISSUED = 1_767_225_600
YEARS_10_S = 315_360_000


@dataclass(frozen=True)
class ApiKeys:
    """`publishable` and `secret` name a role by themselves; legacy keys are HS256 JWTs under `legacy_secret`."""

    publishable: str
    secret: str
    legacy_secret: str

    def legacy(self, role: str) -> str:
        """The long-lived JWT of `anon` or `service_role` that older clients use as their key."""
        claims = {"iss": "supabase", "ref": "oryxforge", "role": role, "iat": ISSUED}
        return jwt.encode({**claims, "exp": ISSUED + YEARS_10_S}, self.legacy_secret, algorithm="HS256")


def load_or_create_keys(path: Path) -> ApiKeys:
    """The install's keys, made at first use in a file that only its owner reads."""
    if not path.exists():
        made = ApiKeys(
            f"sb_publishable_{secrets.token_urlsafe(24)}",
            f"sb_secret_{secrets.token_urlsafe(24)}",
            secrets.token_urlsafe(48),
        )
        create_secrets(path, asdict(made))
    return ApiKeys(**json.loads(path.read_text()))
