"""The embedded Postgres through its whole life, kills included; the programs and processes are real."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from fixtures.embedded import Holder, execute, folder, gone, made, socket_folder, until, wrapper
from oryxforge.domain.errors import Conflict, Unavailable
from oryxforge.embedded.locks import take
from oryxforge.embedded.postgres import EmbeddedPostgres
from oryxforge.embedded.server import trim

__all__ = ["folder", "made"]
VERSIONS = (16, 18)


@pytest.mark.parametrize("version", VERSIONS)
def test_starts_from_nothing_and_stops_without_a_trace(tmp_path: Path, version: int) -> None:
    postgres = EmbeddedPostgres(tmp_path / ("a long name, with é and spaces " * 5), version=version)
    postgres.start()
    pid, sockets = postgres.pid, socket_folder(postgres)
    assert postgres.alive()
    assert execute(postgres, "show server_version_num")[0][0].startswith(str(version))  # pyright: ignore[reportAttributeAccessIssue]
    assert execute(postgres, "show wal_level") == [("logical",)]
    assert execute(postgres, "select current_database(), upper('é'), 'B' < 'a'") == [("oryxforge", "É", True)]
    postgres.stop()
    assert not postgres.alive()
    assert gone(pid)
    assert not sockets.exists()
    postgres.stop()


def test_only_its_user_can_enter(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    assert stat.S_IMODE(socket_folder(postgres).stat().st_mode) == 0o700
    assert stat.S_IMODE(wrapper(postgres).stat().st_mode) == 0o700
    assert stat.S_IMODE((wrapper(postgres) / "superuser").stat().st_mode) == 0o600
    assert execute(postgres, "show listen_addresses") == [("",)]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres.url("postgres", password="a guess"))


def test_a_warm_start_is_quick(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    began = time.monotonic()
    postgres.start()
    assert time.monotonic() - began < 2


def test_a_second_start_adopts(folder: Path) -> None:
    first, second = EmbeddedPostgres(folder), EmbeddedPostgres(folder)
    first.start()
    second.start()
    assert first.pid == second.pid
    assert first.url("postgres") == second.url("postgres")
    second.stop()
    assert not first.alive()


def test_other_settings_start_it_anew(folder: Path) -> None:
    first, second = EmbeddedPostgres(folder), EmbeddedPostgres(folder, settings={"work_mem": "9MB"})
    first.start()
    pid = first.pid
    second.start()
    assert second.pid != pid
    assert execute(second, "show work_mem") == [("9MB",)]
    assert first.alive()


def test_adopted_after_its_launcher_was_killed(folder: Path) -> None:
    holder = Holder(folder)
    told = holder.told()
    holder.kill()
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    assert postgres.pid == told["pid"]
    assert postgres.url("postgres") == told["url"]
    postgres.stop()
    assert gone(int(told["pid"]))


def test_ctrl_c_does_not_reach_it(folder: Path) -> None:
    holder = Holder(folder, start_new_session=True)
    told = holder.told()
    os.killpg(holder.process.pid, signal.SIGINT)
    holder.process.communicate()
    assert EmbeddedPostgres(folder).pid == told["pid"]


def test_recovers_after_kill_9(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    url, pid = postgres.url("postgres"), postgres.pid
    assert pid
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("insert into kept select generate_series(1, 1000)")
        os.kill(pid, signal.SIGKILL)
    until(lambda: not postgres.alive())
    postgres.start()
    assert postgres.url("postgres") == url
    assert execute(postgres, "select count(*) from kept") == [(1000,)]


def test_ends_backends_that_outlived_their_server(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    pid = postgres.pid
    assert pid
    busy = psycopg.connect(postgres.url("postgres"), autocommit=True)
    backend = busy.info.backend_pid
    busy.pgconn.send_query(b"select count(*) from generate_series(1, 1000000000000)")
    state = f"select 1 from pg_stat_activity where pid = {backend} and state = 'active'"
    until(lambda: execute(postgres, state))
    os.kill(pid, signal.SIGKILL)
    postgres.start()
    assert gone(backend)
    assert postgres.alive()
    busy.close()


def test_a_killed_backend_costs_a_moment(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    pid = postgres.pid
    with psycopg.connect(postgres.url("postgres")) as db, pytest.raises(psycopg.OperationalError):
        os.kill(db.info.backend_pid, signal.SIGKILL)
        db.execute("select 1")
    postgres.start()
    assert postgres.pid == pid
    assert _in_the_end(postgres, "select 1") == [(1,)]


def _in_the_end(postgres: EmbeddedPostgres, sql: str) -> list[tuple[object, ...]]:
    """What it answers once it has recovered: it may notice a killed backend only after a start has looked."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return execute(postgres, sql)
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "it does not recover"
            time.sleep(0.1)


def test_its_log_stays_short(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    log = folder / "pg18/server.log"
    with log.open("a") as file:
        file.write("a line\n" * 1_000_000)
    trim(log)
    postgres.stop()
    assert "shut down" in log.read_text()
    assert log.stat().st_size < 10_000
    assert 1_000_000 < log.with_name("server.log.1").stat().st_size < 5_000_000


def test_a_frozen_server_is_replaced(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    pid = postgres.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    assert not postgres.alive()
    postgres.start()
    assert postgres.pid != pid
    assert postgres.alive()


def test_two_instances_side_by_side(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "other")
    first, second = EmbeddedPostgres(folder), EmbeddedPostgres(tmp_path / "other")
    first.start()
    second.start()
    execute(first, "insert into kept values (1)")
    assert execute(second, "select * from kept") == []
    second.stop()
    assert first.alive()


def test_two_processes_start_one_folder_at_once(tmp_path: Path) -> None:
    holders = [Holder(tmp_path / "fresh") for _ in range(2)]
    told = [holder.told() for holder in holders]
    assert told[0] == told[1]
    assert [holder.end() for holder in holders] == [0, 0]
    assert gone(int(told[0]["pid"]))


def test_an_interrupted_first_start_is_forgotten(tmp_path: Path) -> None:
    holder = Holder(tmp_path)
    until(lambda: list(tmp_path.glob("pg18/new-*/PG_VERSION")))
    holder.kill()
    postgres = EmbeddedPostgres(tmp_path)
    postgres.start()
    assert execute(postgres, "select 1") == [(1,)]
    postgres.stop()
    assert not list(tmp_path.glob("pg18/new-*"))


def test_a_stale_process_id_is_not_trusted(folder: Path) -> None:
    (folder / "pg18/data/postmaster.pid").write_text(f"{os.getpid()}\n{folder}/pg18/data\n1\n5432\n/tmp\n\n")
    postgres = EmbeddedPostgres(folder)
    assert postgres.pid is None
    postgres.start()
    assert postgres.pid != os.getpid()


def test_somebody_elses_socket_folder_is_left_alone(folder: Path, tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    expected = socket_folder(postgres)
    postgres.stop()
    trap = tmp_path / "trap"
    trap.mkdir(mode=0o700)
    expected.symlink_to(trap)
    try:
        postgres.start()
        assert socket_folder(postgres) != expected
        assert not list(trap.iterdir())
    finally:
        expected.unlink()


def test_a_lost_password_file_is_made_anew(folder: Path) -> None:
    (folder / "pg18/superuser").unlink()
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    assert execute(postgres, "select 1") == [(1,)]


def test_a_folder_in_use_elsewhere_is_refused(folder: Path) -> None:
    held = take(folder / "pg18/running.lock")
    assert held is not None
    try:
        with pytest.raises(Conflict, match="another container"):
            EmbeddedPostgres(folder).start()
    finally:
        os.close(held)


def test_broken_files_are_told(folder: Path) -> None:
    (folder / "pg18/data/global/pg_control").write_bytes(b"")
    with pytest.raises(Unavailable, match=r"pg_control.*server\.log"):
        EmbeddedPostgres(folder).start()


def test_an_unknown_version_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="16 and 18"):
        EmbeddedPostgres(tmp_path, version=9).start()


def test_no_url_before_a_start(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="oryxforge up"):
        EmbeddedPostgres(tmp_path).url("postgres")


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    script = (
        f"mount -t tmpfs -o size=12m none {tmp_path} && exec {sys.executable} -c 'from oryxforge.embedded.postgres import *; "
        f'EmbeddedPostgres(Path("{tmp_path}")).start()\''
    )
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script], capture_output=True, text=True, check=False
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip("this user may not mount a small disk")
    assert "is full" in done.stderr
