"""Addresses as they are kept, and passwords that are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oryxforge.adapters.postgres.auth.emails import is_plain, normal_email
from oryxforge.adapters.postgres.auth.passwords import Passwords, weaknesses


@pytest.mark.parametrize(
    ("given_as", "kept"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("owner@localhost", "owner@localhost"),
        ("u\u0308@x.org", "ü@x.org"),
        ("\u212a@x.org", "k@x.org"),
        ("\uff4fwner@x.org", "owner@x.org"),
        ("\uff2fWNER\uff20x.org", "owner@x.org"),
        ("o'brien+tag@x.org", "o'brien+tag@x.org"),
        ("a..b@x.org", None),
        ("a@x..org", None),
        ("a@.x", None),
        ("a" * 65 + "@x.org", None),
    ],
)
def test_addresses(given_as: str, kept: str | None) -> None:
    assert normal_email(given_as) == kept


@given(st.text(max_size=300))
def test_whatever_is_kept_stays_as_it_is(text: str) -> None:
    kept = normal_email(text)
    assert kept is None or normal_email(kept) == kept


def test_look_alikes() -> None:
    assert not is_plain("\uff4fwner@x.org")
    assert not is_plain("\u212a@x.org")
    assert is_plain("U\u0308ber@X.org")


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("short", ["length"]),
        ("x" * 257, ["length", "characters"]),
        ("abababab", ["characters"]),
        ("ada@example.org", ["characters"]),
        ("a fine one", []),
        ("пароль123", []),
        ("ab" * 36 + "c", []),
    ],
)
def test_weak_passwords(password: str, reasons: list[str]) -> None:
    assert weaknesses(password, "ada@example.org") == reasons


async def test_passwords_are_hashed_by_argon2id() -> None:
    passwords = Passwords()
    kept = await passwords.hash("a fine one")
    assert kept.startswith("$argon2id$")
    assert await passwords.matches("a fine one", kept)
    assert not await passwords.matches("another", kept)
    assert not await passwords.matches("nobody's password", None)
    assert not await passwords.matches("x", "$2a$10$from.elsewhere")
