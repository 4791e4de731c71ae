"""Passwords by argon2id, in threads."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
LONGEST = 256


class Passwords:
    """Hashes and checks passwords; an account that isn't there takes as long as a wrong password."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, kept: str | None) -> bool:
        """Whether it is the password; False, as slowly, where none is kept."""
        if not kept and self._nobody is None:
            self._nobody = await self.hash("nobody's password")
        found = await asyncio.to_thread(self._verified, password, kept or self._nobody or "")
        return found and bool(kept)

    def _verified(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def weaknesses(password: str, email: str | None = None) -> list[str]:
    """Why a password is refused, in GoTrue's words (`length`, `characters`); empty where it is fine."""
    reasons: list[str] = []
    if not SHORTEST <= len(password) <= LONGEST:
        reasons.append("length")
    plain = unicodedata.normalize("NFKC", password).lower()
    if len(set(plain)) < 3 or (email and plain in (email, email.partition("@")[0])):
        reasons.append("characters")
    return reasons
