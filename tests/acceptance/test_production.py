"""The production commands over a Postgres that is not ours: migrate, doctor, api, worker, and up with DATABASE_URL."""

import json
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import jwt
import psycopg
import pytest

from acceptance.programs import COMMAND, environment, oryxforge, wait_until
from fixtures.postgres import PASSWORDS, SETTINGS, Database, PostgresServer, run
from oryxforge.embedded.postgres import EmbeddedPostgres
from oryxforge.embedded.roles import bootstrap_roles
from survival.product import Product

SECRET = "a secret that is long enough for HS256"
ISSUER = "http://127.0.0.1:9/auth/v1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[PostgresServer]:
    """A server of its own: login roles are a server's, and here their passwords change."""
    made = PostgresServer(tmp_path_factory.mktemp("other-postgres"))
    made.embedded = EmbeddedPostgres(tmp_path_factory.mktemp("other"), settings=SETTINGS)
    made.embedded.start()
    yield made
    made.embedded.stop()


@pytest.fixture(scope="module")
def database(server: PostgresServer) -> Database:
    """Migrated by the command."""
    made = server.make_empty_database("production")
    run(bootstrap_roles(made.owner, {"oryxforge_auth": PASSWORDS["oryxforge_auth"]}))
    env = {
        "DATABASE_OWNER_URL": made.owner,
        "ORYXFORGE_API_PASSWORD": PASSWORDS["oryxforge_api"],
        "ORYXFORGE_WORKER_PASSWORD": PASSWORDS["oryxforge_worker"],
    }
    first = oryxforge("migrate", "--json", env=env)
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["applied"]
    again = oryxforge("migrate", "--json", env=env)
    assert json.loads(again.stdout)["applied"] == []
    return made


def production(database: Database, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database.api,
        "DATABASE_WORKER_URL": database.worker,
        "SUPABASE_URL": ISSUER.removesuffix("/auth/v1"),
        "SUPABASE_JWT_SECRET": SECRET,
        "ORYXFORGE_DATA": str(folder / "data"),
        "ORYXFORGE_FILES": str(folder / "files"),
    }


def test_doctor_is_content_with_our_roles_and_not_with_a_superuser(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    env = {k: v for k, v in production(database, tmp_path).items() if not k.startswith("SUPABASE")}
    well = oryxforge("doctor", "--json", env=env)
    assert well.returncode == 0, well.stdout
    verdicts = {c["check"]: c["verdict"] for c in json.loads(well.stdout)["checks"]}
    assert verdicts["api login"] == verdicts["worker login"] == verdicts["migrations"] == "ok"
    ill = oryxforge("doctor", env={**env, "DATABASE_URL": database.owner})
    assert ill.returncode == 1
    assert "fail  api login" in ill.stdout
    assert "row-level security" in ill.stdout
    for name, url, login in (
        ("DATABASE_WORKER_URL", database.api, "worker login"),
        ("DATABASE_WORKER_SESSION_URL", database.api, "worker session"),
        ("DATABASE_SESSION_URL", database.worker, "api session"),
    ):
        swapped = oryxforge("doctor", env={**env, name: url})
        assert swapped.returncode == 1
        assert f"fail  {login}: it signs in as" in swapped.stdout


def test_doctor_tells_what_is_missing(server: PostgresServer, tmp_path: Path) -> None:
    bare = server.make_empty_database("bare")
    told = oryxforge("doctor", env={**production(bare, tmp_path), "DATABASE_URL": bare.owner})
    assert told.returncode == 1
    assert "oryxforge migrate" in told.stdout
    away = "postgresql://oryxforge_api:x@127.0.0.1:9/none"
    gone = oryxforge("doctor", env={**production(bare, tmp_path), "DATABASE_URL": away})
    assert gone.returncode == 1
    assert "can't sign in" in gone.stdout


@contextmanager
def running(*arguments: str, env: dict[str, str]) -> Generator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=environment(**env), stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def test_api_and_worker_serve_and_end_at_a_signal(database: Database, tmp_path: Path) -> None:
    env = production(database, tmp_path)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    user = database.add_user()
    claims = {"sub": str(user), "aud": "authenticated", "iss": ISSUER, "role": "authenticated"}
    token = jwt.encode({**claims, "exp": int(time.time()) + 600}, SECRET, algorithm="HS256")
    with running("api", "--port", str(port), env=env), running("worker", env=env):
        wait_until(lambda: answers(url), 40, "the API")
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
            project = client.post("/projects", json={"name": "Production"}).json()["id"]
            body = {"project_id": project, "prompt": "what is here?"}
            told = client.post("/chat/query", json=body)
            assert told.status_code == 200, told.text
        done = oryxforge("projects", "list", "--json", "--url", url, env={"ORYXFORGE_TOKEN": token})
        assert [p["name"] for p in json.loads(done.stdout)] == ["Production"]
        refused = oryxforge("projects", "list", "--url", url, env={"ORYXFORGE_TOKEN": "wrong"})
        assert refused.returncode == 4


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def test_up_with_a_database_of_ones_own(server: PostgresServer, tmp_path: Path) -> None:
    mine = server.make_empty_database("mine")
    product = Product(tmp_path, {"DATABASE_URL": mine.owner})
    product.start()
    try:
        listed = httpx.get(f"{product.url}/projects", headers=product.headers, timeout=20).json()
        assert [p["name"] for p in listed["projects"]] == ["Sample project"]
        env = {"DATABASE_URL": mine.owner, "ORYXFORGE_DATA": str(tmp_path / "data")}
        assert oryxforge("token", env=env).stdout.count(".") == 2
        doctor = oryxforge("doctor", "--json", env=env)
        verdicts = {c["check"]: c["verdict"] for c in json.loads(doctor.stdout)["checks"]}
        assert verdicts["api login"] == verdicts["worker login"] == verdicts["migrations"] == "ok"
    finally:
        product.stop()
    assert not (tmp_path / "data" / "pg18").exists()
    with psycopg.connect(mine.owner) as db:
        row = db.execute("select count(*) from public.projects").fetchone()
        assert row == (1,)
