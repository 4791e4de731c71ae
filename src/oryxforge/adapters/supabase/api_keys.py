"""What a Supabase API key is by its look, and the secrets that everybody knows."""

import binascii
import json
import re
from base64 import urlsafe_b64decode

PREFIX = re.compile("sb_(?P<kind>publishable|secret)_")
# Of Supabase's own examples and its command line: whoever knows one would be service_role everywhere.
KNOWN_TO_ALL = frozenset(
    {
        "super-secret-jwt-token-with-at-least-32-characters-long",
        "your-super-secret-jwt-token-with-at-least-32-characters-long",
    }
)


def role_of(key: str) -> str | None:
    """The role that a key names, its signature unread: a new key by its prefix, an old one by its claims; None for neither."""
    # Also inside quotes or blanks, which an environment file may have left around it.
    if prefix := PREFIX.search(key):
        return {"publishable": "anon", "secret": "service_role"}[prefix["kind"]]
    parts = key.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    role = claims.get("role") if isinstance(claims, dict) else None
    return role if isinstance(role, str) else None
