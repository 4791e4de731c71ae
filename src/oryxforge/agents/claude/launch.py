"""Becomes Claude's program, with only the environment it is meant to have, so that it ends with its parent.

Run by path as a script of its own (`python -I -S launch.py ARGS`): it imports nothing of ours.
"""

import ctypes
import json
import os
import signal
import sys
import time
from pathlib import Path

PLAN = "ORYXFORGE_LAUNCH"
PR_SET_PDEATHSIG = 1


def ends_with_parent() -> bool:
    """Asks the kernel to kill this process when its parent dies; False where the kernel knows no such thing."""
    if not sys.platform.startswith("linux"):
        return False
    return ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) == 0


def watch(parent: int) -> None:
    """Forks a watcher that kills this process once the parent is gone, and ends when this process does."""
    me = os.getpid()
    if os.fork():
        return
    for fd in range(3):
        os.close(fd)
    while os.getppid() == me:
        if not is_alive(parent):
            os.kill(me, signal.SIGKILL)
            break
        time.sleep(0.2)
    os._exit(0)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main() -> None:
    plan = json.loads(os.environ[PLAN])
    parent: int = plan["parent"]
    record = Path(plan["record"])
    record.with_suffix(".new").write_text(str(os.getpid()))
    record.with_suffix(".new").replace(record)
    if plan["watch"] or not ends_with_parent():
        watch(parent)
    if os.getppid() != parent:
        sys.exit("The process that started Claude's program is gone.")
    kept = {name: os.environ[name] for name in plan["keep"] if name in os.environ}
    os.execve(plan["program"], [plan["program"], *sys.argv[1:]], kept)  # noqa: S606


if __name__ == "__main__":
    main()
