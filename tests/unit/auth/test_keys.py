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

ISSUER = "http://127.0.0.1:8000/auth/v1"


def token(path: Path) -> str:
    return load_or_create_key(path).sign(access_claims(uuid4(), "a@b.org", ISSUER, 60, "password"))


def verified(path: Path, token: str) -> bool:
    try:
        asyncio.run(LocalVerifier(load_or_create_keys(path), ISSUER).verify(token))
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
