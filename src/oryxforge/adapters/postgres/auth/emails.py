"""E-mail addresses as they are compared and kept."""

import re
import unicodedata

LONGEST = 254
LONGEST_LOCAL = 64
SHAPE = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@[^@\s\"(),:;<>\[\\\]]+")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def normal_email(given: str) -> str | None:
    """The address in lower case and composed letters, or None where it can't be one."""
    address = unicodedata.normalize("NFC", given.strip()).lower()
    if len(address) > LONGEST or not SHAPE.fullmatch(address):
        return None
    if any(unicodedata.category(letter) in UNSEEN for letter in address):
        return None
    local, _, domain = address.partition("@")
    if len(local) > LONGEST_LOCAL or ".." in address or domain.startswith((".", "-")) or domain.endswith("."):
        return None
    return address
