"""E-mail addresses as they are compared and kept."""

import re
import unicodedata

LONGEST = 254
LONGEST_LOCAL = 64
SHAPE = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@[^@\s\"(),:;<>\[\\\]]+")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def normal_email(given: str) -> str | None:
    """The address in plain, composed letters of lower case (`ｏ` is `o`), or None where it can't be one."""
    address = _plain(_plain(given).lower()).strip()
    if len(address) > LONGEST or not SHAPE.fullmatch(address):
        return None
    if any(unicodedata.category(letter) in UNSEEN for letter in address):
        return None
    local, _, domain = address.partition("@")
    if len(local) > LONGEST_LOCAL or ".." in address or domain.startswith((".", "-")) or domain.endswith("."):
        return None
    return address


def is_plain(given: str) -> bool:
    """Whether it is kept as it was given, but for case and composition: no look-alike of another address."""
    composed = unicodedata.normalize("NFC", given)
    hidden = any(_plain(letter).isascii() for letter in given if not letter.isascii())
    return _plain(composed) == composed and not hidden


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
