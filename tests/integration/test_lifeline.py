"""A child ends with its parent, also when the parent is killed."""

import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

from oryxforge.embedded.lifeline import Child, spawn, watch

OBEDIENT = """
import sys, threading
from oryxforge.embedded.lifeline import watch_parent
watch_parent()
print("ready", flush=True)
threading.Event().wait()
"""
STUBBORN = """
import signal, threading
from oryxforge.embedded.lifeline import watch_parent
signal.signal(signal.SIGTERM, signal.SIG_IGN)
watch_parent(grace_s=0.2)
print("ready", flush=True)
while True: threading.Event().wait(1)
"""
PARENT = """
import subprocess, sys, threading
from oryxforge.embedded.lifeline import spawn
child = spawn([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
threading.Event().wait()
"""


def started(script: str) -> Child:
    child = spawn([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    return child


def ended(child: Child) -> int:
    code = child.wait(10)
    child.communicate()
    return code


def test_a_child_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, OBEDIENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    watched = os.pidfd_open(pid)
    parent.kill()
    parent.communicate()
    assert end_of(watched)


def test_a_child_that_ignores_the_signal_ends_after_its_grace() -> None:
    child = started(STUBBORN)
    child.let_go()
    assert ended(child) == 1


def test_let_go_ends_a_child_by_sigterm() -> None:
    child = started(OBEDIENT)
    child.let_go()
    assert ended(child) == -signal.SIGTERM


def test_children_do_not_hold_each_others_pipe() -> None:
    first, second = started(OBEDIENT), started(OBEDIENT)
    first.let_go()
    assert ended(first) == -signal.SIGTERM
    assert second.poll() is None
    second.let_go()
    ended(second)


def test_watch_calls_once_at_the_end_of_the_pipe() -> None:
    theirs, ours = os.pipe()
    called = threading.Event()
    thread = watch(theirs, called.set)
    assert not called.is_set()
    os.close(ours)
    thread.join(5)
    assert called.is_set()
    assert not Path(f"/proc/self/fd/{theirs}").exists()


def end_of(pidfd: int) -> bool:
    """Waits for a process that is not our child."""
    try:
        return bool(select.select([pidfd], [], [], 10)[0])
    finally:
        os.close(pidfd)
