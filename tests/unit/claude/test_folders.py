"""The launcher with an ordinary program in place of Claude's."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oryxforge.agents.claude.folders import TurnFolder, WorkArea
from oryxforge.agents.claude.options import environment, transcripts
from oryxforge.agents.claude.settings import ClaudeSettings

SLEEP = Path(shutil.which("sleep") or "/bin/sleep")
PYTHON = Path(sys.executable)


@pytest.fixture
async def area(tmp_path: Path) -> AsyncIterator[WorkArea]:
    area = WorkArea(tmp_path)
    area.open()
    yield area
    area.close()


async def start(
    folder: TurnFolder, program: Path, *arguments: str, keep: tuple[str, ...] = ()
) -> asyncio.subprocess.Process:
    folder.make()
    env = {**os.environ, "DATABASE_URL": "secret", "KEPT": "yes", **folder.plan(program, keep)}
    return await asyncio.create_subprocess_exec(
        folder.shim, *arguments, env=env, stdout=asyncio.subprocess.PIPE
    )


async def test_only_what_is_kept_reaches_the_program(area: WorkArea) -> None:
    code = "import os, json; print(json.dumps(dict(os.environ)))"
    program = await start(area.turn(), PYTHON, "-I", "-c", code, keep=("KEPT", "ABSENT"))
    out, _ = await program.communicate()
    seen = json.loads(out)
    seen.pop("LC_CTYPE", None)
    assert seen == {"KEPT": "yes"}


async def test_a_program_is_killed_by_its_record(area: WorkArea) -> None:
    folder = area.turn()
    code = f"import time; print(1, flush=True); time.sleep(60) # {folder.root}"
    program = await start(folder, PYTHON, "-I", "-c", code)
    assert program.stdout is not None
    await program.stdout.readline()
    assert folder.kill()
    assert await program.wait() == -9
    assert not folder.kill()


async def test_a_process_that_only_has_the_number_is_left_alone(area: WorkArea) -> None:
    other = await asyncio.create_subprocess_exec(SLEEP, "60")
    folder = area.turn()
    folder.make()
    folder.record.write_text(str(other.pid))
    assert not folder.kill()
    other.kill()
    await other.wait()


PARENT = """
import subprocess, sys
from pathlib import Path
from oryxforge.agents.claude.folders import WorkArea
area = WorkArea(Path(sys.argv[1]), watch=True)
area.open()
folder = area.turn()
folder.make()
code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
subprocess.run([folder.shim, "-I", "-c", code], env=folder.plan(Path(sys.executable), ()))
"""


async def test_where_the_kernel_can_not_a_watcher_ends_the_program_with_its_parent(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        PYTHON, "-c", PARENT, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    program = Path(f"/proc/{int(await parent.stdout.readline())}")
    assert program.exists()
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(3):
        while program.exists():
            await asyncio.sleep(0.02)


def test_what_a_dead_process_left_is_reaped_and_a_living_one_is_left_alone(tmp_path: Path) -> None:
    living, dead = WorkArea(tmp_path), WorkArea(tmp_path)
    living.open()
    dead.open()
    left = dead.turn()
    left.make()
    held = living.turn()
    held.make()
    assert dead._lock is not None  # pyright: ignore[reportPrivateUsage]
    os.close(dead._lock)  # pyright: ignore[reportPrivateUsage]

    third = WorkArea(tmp_path)
    third.open()

    assert not left.root.exists() and held.root.exists()
    third.close()
    living.close()
    assert [p.name for p in tmp_path.iterdir()] == ["desk"]


def test_the_environment_is_an_allow_list(tmp_path: Path) -> None:
    folder = TurnFolder(tmp_path, tmp_path, tmp_path)
    parent = {
        "PATH": "/bin",
        "HOME": "/home/me",
        "DATABASE_URL": "x",
        "AWS_SECRET_ACCESS_KEY": "y",
        "NO_PROXY": "corp",
    }
    env = environment(ClaudeSettings(tmp_path, api_key="k"), folder, parent)
    assert env["PATH"] == "/bin" and env["NO_PROXY"].startswith("corp,127.0.0.1")
    assert env["HOME"] == str(folder.home) and env["ANTHROPIC_API_KEY"] == "k"
    assert not {"DATABASE_URL", "AWS_SECRET_ACCESS_KEY"} & set(env)
    assert transcripts(env) == folder.config / "projects"


def test_a_login_is_used_in_its_own_home_and_only_when_asked_for(tmp_path: Path) -> None:
    folder = TurnFolder(tmp_path, tmp_path, tmp_path)
    parent = {"HOME": "/home/me", "CLAUDE_CODE_OAUTH_TOKEN": "t"}
    env = environment(ClaudeSettings(tmp_path, use_login=True), folder, parent)
    assert env["HOME"] == "/home/me" and env["CLAUDE_CODE_OAUTH_TOKEN"] == "t"
    assert transcripts(env) == Path("/home/me/.claude/projects")
    assert "CLAUDE_CODE_OAUTH_TOKEN" not in environment(ClaudeSettings(tmp_path), folder, parent)


def test_settings_never_show_a_key(tmp_path: Path) -> None:
    assert "hush" not in repr(ClaudeSettings(tmp_path, api_key="hush", auth_token="hush"))
