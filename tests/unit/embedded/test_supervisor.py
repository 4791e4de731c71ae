"""The supervisor over small parts: in a process of its own, since it forks and takes signals."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import psutil
import pytest

from oryxforge.embedded.home import Home

DRIVER = """
import os, signal, sys, time
from pathlib import Path
from oryxforge.domain.errors import OryxError
from oryxforge.embedded.home import Home, Process, Running
from oryxforge.embedded.pulse import Pulse
from oryxforge.embedded.supervisor import Part, Stop, Supervisor

def steady():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        time.sleep(60)

pulse = Pulse()

def beating():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        pulse.beat()
        Path(sys.argv[1], "beaten").touch()
        time.sleep(0.05)

def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(60)

def broken():
    print("this is why", flush=True)
    sys.exit(7)

home = Home(Path(sys.argv[1]))
home.make()
stop = Stop()
supervisor = Supervisor(home, stop, None, hung_s=1.5)
parts = [Part(name, globals()[name], pulse=pulse if name == "beating" else None) for name in sys.argv[2:]]
try:
    with supervisor.running(parts, Running(Process.of(os.getpid()))):
        print("running", flush=True)
        supervisor.watch()
except OryxError as error:
    print(error.extra["log"], flush=True)
    sys.exit(3)
"""


@pytest.fixture
def driver(tmp_path: Path) -> Generator[Path]:
    path = tmp_path / "driver.py"
    path.write_text(DRIVER)
    yield path
    for process in psutil.process_iter(["cmdline"]):
        if str(path) in (process.info["cmdline"] or ()):
            process.kill()


def supervise(driver: Path, *parts: str) -> subprocess.Popen[str]:
    running = subprocess.Popen(
        [sys.executable, str(driver), str(driver.parent / "data"), *parts],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "running\n"
    return running


def children(driver: Path) -> dict[str, psutil.Process]:
    said = Home(driver.parent / "data").last()
    assert said is not None
    return {name: psutil.Process(p.pid) for name, p in said.children.items() if p.alive()}


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def pipes(process: psutil.Process) -> list[str]:
    links = [str(link.readlink()) for link in Path(f"/proc/{process.pid}/fd").iterdir()]
    return [link for link in links if link.startswith("pipe:")]


def test_a_part_that_is_killed_is_started_again(driver: Path) -> None:
    running = supervise(driver, "steady")
    before = children(driver)["steady"]
    before.kill()
    wait_for(lambda: children(driver).get("steady", before) != before)
    running.terminate()
    assert running.wait(10) == 0


def test_a_full_disk_ends_nothing(driver: Path) -> None:
    running = supervise(driver, "steady")
    record = driver.parent / "data" / "run.json"
    before = children(driver)["steady"]
    record.unlink()
    record.mkdir()
    before.kill()

    def another() -> bool:
        found = psutil.Process(running.pid).children()
        return bool(found) and found[0].pid != before.pid and found[0].status() != psutil.STATUS_ZOMBIE

    wait_for(another)
    record.rmdir()
    running.terminate()
    assert running.wait(10) == 0


def test_a_part_that_is_frozen_is_killed_and_started_again(driver: Path) -> None:
    running = supervise(driver, "beating", "steady")
    before = children(driver)
    wait_for((driver.parent / "data" / "beaten").exists)  # what never lived is not said to hang
    before["beating"].suspend()
    wait_for(lambda: children(driver).get("beating", before["beating"]) != before["beating"])
    assert children(driver)["steady"] == before["steady"]
    running.terminate()
    assert running.wait(10) == 0


def test_a_part_that_does_not_listen_is_killed_in_the_end(driver: Path) -> None:
    running = supervise(driver, "steady", "stubborn")
    parts = list(children(driver).values())
    running.send_signal(signal.SIGINT)
    assert running.wait(15) == 0
    _, left = psutil.wait_procs(parts, timeout=2)
    assert not left


def test_a_second_signal_waits_for_nobody(driver: Path) -> None:
    running = supervise(driver, "stubborn")
    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    assert running.wait(15) == 0
    assert time.monotonic() - began < 4


def test_a_part_that_never_lives_is_given_up_with_its_last_words(driver: Path) -> None:
    running = supervise(driver, "steady", "broken")
    said, _ = running.communicate(timeout=30)
    assert running.returncode == 3
    assert "this is why" in said


def test_parts_end_when_the_supervisor_is_killed(driver: Path) -> None:
    running = supervise(driver, "steady", "stubborn")
    parts = list(children(driver).values())
    running.kill()
    running.wait()
    _, left = psutil.wait_procs(parts, timeout=8)
    assert not left


def test_parts_hold_none_of_its_files(driver: Path) -> None:
    running = supervise(driver, "steady")
    part = children(driver)["steady"]
    wait_for(lambda: len(pipes(part)) == 1)
    running.terminate()
    running.wait(10)
