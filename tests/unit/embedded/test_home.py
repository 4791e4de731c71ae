"""The data folder: held by one, remembered, tidied."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from oryxforge.domain.errors import Conflict, Unavailable
from oryxforge.embedded.home import Home, Owner, Process, Running

HOLD = """
import sys
from pathlib import Path
from oryxforge.embedded.home import Home
home = Home(Path(sys.argv[1]))
home.make()
with home.held():
    print("held", flush=True)
    sys.stdin.read()
"""


def running(pid: int, url: str = "http://127.0.0.1:1") -> Running:
    return Running(Process.of(pid), url, Owner("1", "owner@localhost"))


def test_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    home.make()
    assert [p.stat().st_mode & 0o777 for p in (home.folder, home.logs)] == [0o700, 0o700]


def test_a_folder_that_can_not_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="--data"):
        Home(tmp_path / "file" / "data").make()


def test_it_is_held_by_one_process_at_a_time(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    home.record(running(other.pid))
    with pytest.raises(Conflict, match=str(other.pid)), home.held():
        pass
    other.communicate()
    with home.held():
        pass


def test_what_runs_is_told_until_it_does_not(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    assert home.running() is None
    home.record(running(os.getpid()))
    told = home.running()
    assert told is not None
    assert told.owner.email == "owner@localhost"
    home.record(running(os.getpid(), url=""))
    assert home.running() is None
    home.record(Running(Process(os.getpid(), 1.0), "http://127.0.0.1:1"))
    assert home.running() is None


def test_a_broken_record_is_no_record(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / "run.json").write_text('{"process": 1}')
    assert home.last() is None


def test_strays_are_ended_and_strangers_are_not(tmp_path: Path) -> None:
    home = Home(tmp_path)
    sleepers = [subprocess.Popen(["sleep", "60"]) for _ in range(2)]
    stray, stranger = (Process.of(s.pid) for s in sleepers)
    home.record(
        Running(
            Process(1, 1.0),
            "",
            children={"api": stray, "worker": Process(stranger.pid, stranger.started - 99)},
        )
    )
    assert home.reap() == 1
    assert not stray.alive()
    assert psutil.pid_exists(stranger.pid)
    sleepers[1].kill()
    sleepers[1].wait()
