"""`oryxforge up` in processes of its own: starts, stops, is killed, and comes back."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import httpx
import psutil
import pytest

from acceptance.programs import COMMAND, environment, lives, oryxforge, processes_of, wait_until
from survival.product import READY, Product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Generator[Product]:
    folder = tmp_path_factory.mktemp("up")
    running = Product(folder, {})
    running.start()
    yield running
    running.stop()
    assert not processes_of(folder)


@pytest.fixture
def used(product: Product) -> Product:
    """The same product, whatever the test before has done to it."""
    assert product.process is not None
    if product.process.poll() is not None:
        product.start()
    return product


def ready(product: Product) -> bool:
    try:
        return httpx.get(f"{product.url}/health/ready", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def projects(product: Product) -> list[str]:
    answer = httpx.get(f"{product.url}/projects", headers=product.headers, timeout=20)
    answer.raise_for_status()
    return [p["name"] for p in answer.json()["projects"]]


def test_mails_are_printed_as_they_come(used: Product) -> None:
    log = used.folder / "up.log"
    config = httpx.get(f"{used.url}/config.json").json()
    headers = {"apikey": config["supabase_publishable_key"]}
    said = {"email": "who@example.org"}
    assert httpx.post(f"{used.url}/auth/v1/otp", json=said, headers=headers, timeout=20).status_code == 200
    wait_until(lambda: "mail to who@example.org" in log.read_text(), 10, "the line of the mail")
    [line] = [text for text in log.read_text().splitlines() if "who@example.org" in text]
    link = next(word for word in line.split() if word.startswith(f"{used.url}/auth/v1/verify?token="))
    landed = httpx.get(link).headers["location"]
    assert "access_token=" in landed


def test_the_outbox_is_the_owner_s(used: Product) -> None:
    keys = json.loads((used.folder / "data" / "secrets" / "keys.json").read_text())
    said = {"email": "reader@example.org", "password": "a long enough one"}
    publishable = {"apikey": keys["publishable"]}
    other = httpx.post(f"{used.url}/auth/v1/signup", json=said, headers=publishable, timeout=20).json()
    for headers, status in (
        ({"apikey": keys["secret"]}, 200),
        ({**publishable, **used.headers}, 200),
        (publishable, 401),
        ({**publishable, "Authorization": f"Bearer {other['access_token']}"}, 403),
        ({}, 401),
    ):
        assert httpx.get(f"{used.url}/auth/v1/outbox", headers=headers).status_code == status, headers


def test_it_serves_the_page_and_its_link_works_once(product: Product) -> None:
    link = READY.search((product.folder / "up.log").read_text())
    assert link is not None
    page = httpx.get(f"{product.url}/?token={link[2]}")
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    again = httpx.post(f"{product.url}/auth/v1/signin-link", json={"token": link[2]})
    assert again.status_code == 401
    assert projects(product) == ["Sample project"]


def test_its_folder_is_private(product: Product) -> None:
    data = product.folder / "data"
    assert data.stat().st_mode & 0o077 == 0
    assert not [p for p in (data / "secrets").iterdir() if p.stat().st_mode & 0o077]
    children = [psutil.Process(product.part(name)) for name in ("api", "worker")]
    assert not [c for c in children if "DATABASE_" in str(c.environ()) or "postgresql:" in str(c.cmdline())]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(tmp_path: Path, number: signal.Signals) -> None:
    product = Product(tmp_path, {})
    product.start()
    assert product.process is not None
    product.process.send_signal(number)
    assert product.process.wait(15) == 0
    assert not processes_of(tmp_path)


def test_ctrl_c_works_in_the_background_too(tmp_path: Path) -> None:
    script = f"{' '.join(COMMAND)} up --port 0 > out 2> err & echo $!; wait"
    shell = subprocess.Popen(
        ["/bin/sh", "-c", script],
        cwd=tmp_path,
        env=environment(ORYXFORGE_DATA=str(tmp_path / "data")),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert shell.stdout is not None
    pid = int(shell.stdout.readline())
    out = tmp_path / "out"
    # The shell says the pid before its child has opened its files.
    wait_until(lambda: out.exists() and "ready http" in out.read_text(), 60, "ready, in the background")
    os.kill(pid, signal.SIGINT)
    assert shell.wait(15) == 0
    assert not processes_of(tmp_path)


def test_the_same_folder_is_refused_and_another_is_not(product: Product, tmp_path: Path) -> None:
    assert product.process is not None
    refused = oryxforge("up", "--port", "0", env={"ORYXFORGE_DATA": str(product.folder / "data")})
    assert refused.returncode == 1
    assert str(product.process.pid) in refused.stderr
    assert product.url in refused.stderr
    other = Product(tmp_path, {})
    other.start()
    assert projects(other) == projects(product) == ["Sample project"]
    other.stop()
    assert ready(product)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = oryxforge("up", "--port", str(port), "--json", env={"ORYXFORGE_DATA": str(tmp_path)})
    assert refused.returncode == 1
    assert '"port_taken"' in refused.stderr
    assert str(port) in refused.stderr
    assert not processes_of(tmp_path)


@pytest.mark.parametrize("part", ["api", "worker", "postgres"])
def test_a_killed_part_comes_back(used: Product, part: str) -> None:
    before = used.part(part)
    used.kill_part(part)

    def back() -> bool:
        try:
            return used.part(part) != before and ready(used)
        except (StopIteration, IndexError):
            return False

    wait_until(back, 20, part)
    assert projects(used) == ["Sample project"]
    done = oryxforge(
        "chat",
        "ask",
        "how many rows in orders",
        "--json",
        env={"ORYXFORGE_DATA": str(used.folder / "data")},
    )
    assert done.returncode == 0, done.stderr
    assert "4,000" in done.stdout or "4000" in done.stdout


def test_after_kill_9_of_up_nothing_runs_but_the_database_and_the_next_start_takes_over(
    used: Product,
) -> None:
    assert used.process is not None
    children = [psutil.Process(used.part(name)) for name in ("api", "worker")]
    postmaster = used.part("postgres")
    used.process.kill()
    used.process.wait(5)
    _, left = psutil.wait_procs(children, timeout=8)
    assert not left
    used.start()
    assert used.part("postgres") == postmaster
    assert projects(used) == ["Sample project"]


def test_a_frozen_child_of_a_killed_up_is_cleared_away(used: Product) -> None:
    assert used.process is not None
    worker = psutil.Process(used.part("worker"))
    worker.suspend()
    used.process.kill()
    used.process.wait(5)
    used.start()
    assert not lives(worker)


def test_a_broken_part_ends_up_with_its_log(tmp_path: Path) -> None:
    broken = oryxforge(
        "up", "--port", "0", env={"ORYXFORGE_DATA": str(tmp_path), "ORYXFORGE_LOG_LEVEL": "NONE"}
    )
    assert broken.returncode == 1
    assert "NONE" in broken.stderr
    assert not processes_of(tmp_path)


def test_the_program_is_there_as_a_module_and_as_a_command() -> None:
    assert Path(sys.executable).with_name("oryxforge").exists()
