"""Keys that tokens are signed with: several are known, the newest signs."""

import asyncio
import json
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
from jwt.algorithms import ECAlgorithm

from oryxforge.adapters.supabase.tokens import (
    KEPT_KEYS,
    LocalVerifier,
    access_claims,
    load_or_create_key,
    load_or_create_keys,
    rotate_keys,
)
from oryxforge.domain.errors import Unauthenticated
from oryxforge.settings import Settings

ISSUER = "http://127.0.0.1:8000/auth/v1"


def token(path: Path, issuer: str = ISSUER) -> str:
    return load_or_create_key(path).sign(access_claims(uuid4(), "a@b.org", issuer, 60, "password"))


def verified(path: Path, token: str, issuer: str = ISSUER) -> bool:
    try:
        asyncio.run(LocalVerifier(load_or_create_keys(path), issuer).verify(token))
    except Unauthenticated:
        return False
    return True


def test_an_older_key_verifies_what_it_signed(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "jwt.json"
    first = token(path)
    assert rotate_keys(path)
    second = token(path)
    assert jwt.get_unverified_header(first)["kid"] != jwt.get_unverified_header(second)["kid"]
    assert verified(path, first)
    assert verified(path, second)
    for _ in range(KEPT_KEYS - 1):
        rotate_keys(path)
    assert len(load_or_create_keys(path)) == KEPT_KEYS
    assert not verified(path, first)
    assert path.stat().st_mode & 0o077 == 0


def test_only_an_old_key_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "jwt.json"
    assert rotate_keys(path, older_than_s=3600)
    assert not rotate_keys(path, older_than_s=3600)
    kept = json.loads(path.read_text())
    kept["keys"][0]["iat"] -= 3601
    path.write_text(json.dumps(kept))
    assert rotate_keys(path, older_than_s=3600)
    assert len(load_or_create_keys(path)) == 2


def test_a_file_with_one_key_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "jwt.json"
    load_or_create_key(path)
    one = json.loads(path.read_text())["keys"][0]
    one.pop("iat")
    path.write_text(json.dumps(one))
    assert load_or_create_key(path).kid == one["kid"]
    rotate_keys(path)
    assert [k.kid for k in load_or_create_keys(path)][1] == one["kid"]


@pytest.mark.parametrize("private", ["d", "iat"])
def test_what_is_published_is_public(tmp_path: Path, private: str) -> None:
    published = load_or_create_key(tmp_path / "jwt.json").jwk
    assert private not in published
    assert ECAlgorithm.from_jwk({k: v for k, v in published.items() if k in ("kty", "crv", "x", "y")})


PUBLIC = "https://data.example.org/auth/v1"
LAN = "http://192.168.7.9:8000/auth/v1"


@pytest.mark.parametrize(
    ("signed_as", "now"),
    [
        (ISSUER, "http://127.0.0.1:9123/auth/v1"),
        ("http://127.0.0.1:51/auth/v1", ISSUER),
        ("http://localhost:8000/auth/v1", PUBLIC),
        ("http://[::1]:8000/auth/v1", ISSUER),
        (PUBLIC, PUBLIC),
        ("http://192.168.7.9:9000/auth/v1", LAN),
    ],
)
def test_tokens_outlive_a_move_to_another_port(tmp_path: Path, signed_as: str, now: str) -> None:
    assert verified(tmp_path / "jwt.json", token(tmp_path / "jwt.json", signed_as), now)


@pytest.mark.parametrize(
    "signed_as",
    [
        "",
        "https://evil.example.org/auth/v1",
        PUBLIC,
        LAN,
        "http://127.0.0.1.evil.example.org:8000/auth/v1",
        "http://x@127.0.0.1:8000/auth/v1",
        "http://127.0.0.1:8000/auth/v2",
        "http://127.0.0.1:8000/auth/v1?x",
        "http://127.0.0.1:8000/auth/v1\n",
    ],
)
def test_other_issuers_are_refused(tmp_path: Path, signed_as: str) -> None:
    assert not verified(tmp_path / "jwt.json", token(tmp_path / "jwt.json", signed_as))


@pytest.mark.parametrize(
    ("given", "issuer"),
    [
        ({"port": 9123}, "http://127.0.0.1:9123/auth/v1"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8000/auth/v1"),
        ({"host": "::1", "port": 1}, "http://[::1]:1/auth/v1"),
        ({"public_url": "https://data.example.org/"}, PUBLIC),
        ({"supabase_url": "https://x.supabase.co", "port": 9}, "https://x.supabase.co/auth/v1"),
        ({"auth_issuer": "https://me", "public_url": "https://a"}, "https://me"),
    ],
)
def test_the_issuer_is_where_browsers_reach_it(given: dict[str, object], issuer: str) -> None:
    assert Settings.model_validate(given).issuer == issuer
