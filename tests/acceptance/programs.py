"""The command as a person runs it: real processes, with nothing of this machine's settings."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from oryxforge.cli.checks import examine
from oryxforge.cli.findings import Finding, Verdict
from oryxforge.settings import Settings

OURS = ("ORYXFORGE_", "DATABASE_", "ANTHROPIC_", "SUPABASE_")
COMMAND = (sys.executable, "-m", "oryxforge")


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
    return {**kept, "ORYXFORGE_NO_BROWSER": "1", **more}


def oryxforge(
    *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**(env or {})),
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def looked_at(env: Mapping[str, str], **over: str) -> dict[str, Finding]:
    """What `doctor` finds under this environment, by its check, without a process of its own."""
    told = {name.lower().removeprefix("oryxforge_"): value for name, value in {**env, **over}.items()}
    return {finding.check: finding async for finding in examine(Settings.model_validate(told))}


def broken(findings: Mapping[str, Finding]) -> set[str]:
    """The checks that failed."""
    return {check for check, finding in findings.items() if finding.verdict is Verdict.FAIL}


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every process that has something to do with a data folder."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            told = [*process.cmdline(), process.cwd(), process.environ().get("ORYXFORGE_DATA", "")]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if process.pid != os.getpid() and any(str(folder) in part for part in told):
            found.append(process)
    return found


def lives(process: psutil.Process) -> bool:
    """Whether it still runs: what has ended may wait for its new parent to notice."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool], within_s: float, what: str) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.05)
