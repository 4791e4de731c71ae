"""Whom Postgres runs as: it refuses root, and its initdb refuses users without a name."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from loguru import logger

from oryxforge.domain.errors import Unavailable

SCRIPT = Path(__file__).with_name("demote.py")
WAYS = ("namespace", "user")
PREFERRED = ("postgres", "nobody")


@dataclass(frozen=True)
class Standin:
    """What to put before a command, and who then owns the data as seen from here."""

    prefix: tuple[str, ...]
    uid: int
    gid: int


def choose_standin(folder: Path, postgres: Path, owner: int) -> Standin:
    """The present user where Postgres accepts it; else the first way that works.

    `folder` must be within reach and `owner` is who owns the data so far. Raises Unavailable where no way works.
    """
    me = os.geteuid()
    if me != 0 and _named(me):
        return Standin((), me, os.getegid())
    for way in _ways(me, owner):
        user = _user(owner)
        prefix = (
            sys.executable,
            "-I",
            "-S",
            str(SCRIPT),
            way,
            str(user.pw_uid),
            str(user.pw_gid),
            str(folder),
        )
        tried = subprocess.run(
            [*prefix, str(postgres), "--version"], capture_output=True, text=True, check=False
        )
        if tried.returncode == 0:
            inside = way == "namespace"
            return Standin(prefix, me if inside else user.pw_uid, os.getegid() if inside else user.pw_gid)
        logger.debug("postgres can't run this way", way=way, reason=tried.stderr.strip())
    raise Unavailable(_advice(me), code="postgres_refuses_user")


def _ways(me: int, owner: int) -> tuple[str, ...]:
    """In a namespace, root reaches only what it owns itself, so another's data needs that user."""
    if me != 0:
        return WAYS[:1]
    return WAYS if owner == 0 else WAYS[::-1]


def _user(owner: int) -> pwd.struct_passwd:
    if owner != 0 and _named(owner):
        return pwd.getpwuid(owner)
    everybody = [user for user in pwd.getpwall() if user.pw_uid != 0]
    preferred = [user for name in PREFERRED for user in everybody if user.pw_name == name]
    if not everybody:
        raise Unavailable(_advice(os.geteuid()), code="postgres_refuses_user")
    return (preferred or everybody)[0]


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _advice(me: int) -> str:
    if me == 0:
        return (
            "Postgres refuses to run as root, and this machine allows neither a user namespace nor another user for "
            "it. Run oryxforge as a normal user, or set DATABASE_URL to a Postgres of your own."
        )
    return (
        f"Postgres needs a user with a name, and the user id {me} has none in /etc/passwd. Give it one, or set "
        "DATABASE_URL to a Postgres of your own."
    )
