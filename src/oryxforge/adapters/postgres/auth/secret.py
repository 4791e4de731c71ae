"""Secrets that are kept only as their hashes."""

import hashlib
import hmac
import secrets


def new_secret() -> str:
    """A secret of 256 bits that fits into a URL."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six digits to be typed."""
    return f"{secrets.randbelow(1_000_000):06d}"


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def hashed_code(token_hash: str, code: str) -> str:
    """A code's hash under the link that went with it; few tries are allowed, so a fast hash will do."""
    return hmac.new(token_hash.encode(), code.encode(), hashlib.sha256).hexdigest()


def successor(token: str, salt: str) -> str:
    """The refresh token after `token`: only who holds the token and reads the database can tell it again."""
    return hmac.new(token.encode(), salt.encode(), hashlib.sha256).hexdigest()


def same(given: str, ours: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(given.encode(), ours.encode())
