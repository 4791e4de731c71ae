"""Run as a script: becomes somebody that Postgres accepts (it refuses root), then the program that it is given.

    python -I -S demote.py namespace|user UID GID FOLDER PROGRAM [ARGUMENT…]

It must stay a single file that needs the standard library only, since nothing else is on its path.
"""

import ctypes
import os
import sys
from pathlib import Path

NEWUSER = 0x10000000
KEEPCAPS = 8
SET_SECUREBITS, NO_SETUID_FIXUP = 28, 1 << 2
AMBIENT, AMBIENT_RAISE = 47, 2
CAPABILITY_VERSION = 0x20080522
DAC_OVERRIDE = 1
REFUSED = 71


class Refused(Exception):
    """The kernel, or the folder, does not allow it."""


def enter_namespace(uid: int, gid: int) -> None:
    """Goes on as that user in a namespace where it stands for the present one: outside, nothing changes owner."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare") or libc.unshare(NEWUSER) != 0:
        raise Refused("no user namespaces")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {outer_gid} 1")
    _set_capabilities(libc, 0)


def become(uid: int, gid: int) -> None:
    """Goes on as that user, with the right to pass folders that only root may enter, where root can give it."""
    linux = sys.platform.startswith("linux")
    libc = ctypes.CDLL(None, use_errno=True)
    if linux:
        libc.prctl(KEEPCAPS, 1, 0, 0, 0)
        # Else access(2), by which Postgres looks for itself, forgets the capability of a user who is not root.
        libc.prctl(SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if linux and _set_capabilities(libc, 1 << DAC_OVERRIDE):
        libc.prctl(AMBIENT, AMBIENT_RAISE, DAC_OVERRIDE, 0, 0)


def _set_capabilities(libc: ctypes.CDLL, wanted: int) -> bool:
    """Effective, permitted and inheritable alike; the upper half of each is cleared."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)(wanted, wanted, wanted, 0, 0, 0)
    return libc.capset(header, sets) == 0


def main(arguments: list[str]) -> None:
    way, uid, gid, folder, program = arguments[0], int(arguments[1]), int(arguments[2]), *arguments[3:5]
    try:
        (enter_namespace if way == "namespace" else become)(uid, gid)
        if not os.access(
            folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids
        ):
            raise Refused(f"{folder} can't be used")
        os.execv(program, arguments[4:])  # noqa: S606
    except (Refused, OSError) as error:
        sys.stderr.write(f"{way}: {error}\n")
        raise SystemExit(REFUSED) from error


if __name__ == "__main__":
    main(sys.argv[1:])
