"""Passwords by argon2id, in threads; a hash of another server's counts until its owner signs in."""

import asyncio
import re
import unicodedata

import bcrypt
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

SHORTEST = 8
LONGEST = 256
BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
BCRYPT_READS = 72
# What a sign-in may cost: about a second.
MOST_ROUNDS = 14
MOST_KIB, MOST_LANES, MOST_KIB_FILLED = 262_144, 16, 3_000_000


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

    async def takes(self, foreign: str) -> bool:
        """Whether a hash of another server's can be checked here, at no great cost."""
        return await asyncio.to_thread(self._takes, foreign)

    def is_current(self, kept: str) -> bool:
        """Whether a hash is one that would be made today."""
        try:
            return not self._hasher.check_needs_rehash(kept)
        except InvalidHashError:
            return False

    def _takes(self, foreign: str) -> bool:
        try:
            if found := BCRYPT.fullmatch(foreign):
                if int(found[1]) > MOST_ROUNDS:
                    return False
                bcrypt.checkpw(b"", foreign.encode())
                return True
            cost = extract_parameters(foreign)
            filled = cost.memory_cost * cost.time_cost
            if cost.memory_cost > MOST_KIB or cost.parallelism > MOST_LANES or filled > MOST_KIB_FILLED:
                return False
            return self._hasher.verify(foreign, "")
        except VerifyMismatchError:
            return True
        except (VerificationError, InvalidHashError, ValueError):
            return False

    def _verified(self, password: str, kept: str) -> bool:
        if BCRYPT.fullmatch(kept):
            return bcrypt.checkpw(password.encode()[:BCRYPT_READS], kept.encode())
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
