"""Poolers between the processes and the database: queries by the transaction, LISTEN and the queue by the session."""

import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import jwt
import pytest

from acceptance.programs import broken, looked_at, oryxforge, wait_until
from acceptance.test_production import ISSUER, SECRET, answers, free_port, running
from fixtures.pgbouncer import needs_pgbouncer, pooled
from fixtures.postgres import Database, PostgresServer
from oryxforge.adapters.postgres.places import shares_backends

pytestmark = needs_pgbouncer
FLAG = "ORYXFORGE_DATABASE_POOLED"


@dataclass(frozen=True)
class Ways:
    """One database: itself, through a transaction pooler, and through a session pooler."""

    direct: Database
    transactions: Database
    sessions: Database

    def environment(self, folder: Path) -> dict[str, str]:
        """As the guide has it, but for the flag."""
        return {
            "DATABASE_URL": self.transactions.api,
            "DATABASE_SESSION_URL": self.sessions.api,
            "DATABASE_WORKER_URL": self.transactions.worker,
            "DATABASE_WORKER_SESSION_URL": self.sessions.worker,
            "ORYXFORGE_DATA": str(folder / "data"),
            "ORYXFORGE_FILES": str(folder / "files"),
        }


@pytest.fixture(scope="module")
def ways(postgres_server: PostgresServer) -> Generator[Ways]:
    database = postgres_server.make_database()
    with pooled(database) as transactions, pooled(database, "session") as sessions:
        yield Ways(database, transactions, sessions)


@pytest.mark.parametrize("flag", [{FLAG: "1"}, {}], ids=["said", "found out"])
def test_api_and_worker_through_poolers(ways: Ways, tmp_path: Path, flag: Mapping[str, str]) -> None:
    user = ways.direct.add_user()
    claims = {"sub": str(user), "aud": "authenticated", "iss": ISSUER, "role": "authenticated"}
    token = jwt.encode({**claims, "exp": int(time.time()) + 600}, SECRET, algorithm="HS256")
    env = {
        **ways.environment(tmp_path),
        **flag,
        "SUPABASE_URL": ISSUER.removesuffix("/auth/v1"),
        "SUPABASE_JWT_SECRET": SECRET,
        "ORYXFORGE_SCRIPTED_AGENT": "1",
    }
    url = f"http://127.0.0.1:{free_port()}"
    with running("api", "--port", url.rpartition(":")[2], env=env), running("worker", env=env):
        wait_until(lambda: answers(url), 40, "the API")
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            project = client.post("/projects", json={"name": "Pooled"}).json()["id"]
            for _ in range(12):
                body = {"project_id": project, "prompt": "count 20 every 2ms", "agent": "scripted"}
                told = client.post("/chat/query", json=body)
                assert told.status_code == 200, told.text
                assert told.json()["response"] == "".join(f"{n} " for n in range(1, 21))
            stranger = jwt.encode(
                {**claims, "sub": str(ways.direct.add_user()), "exp": int(time.time()) + 600}, SECRET
            )
            seen = client.get("/projects", headers={"Authorization": f"Bearer {stranger}"}).json()
            assert seen["projects"] == []
        done = oryxforge("projects", "list", "--json", "--url", url, env={"ORYXFORGE_TOKEN": token})
        assert "Pooled" in done.stdout


async def test_a_transaction_pooler_is_told_from_all_else(ways: Ways) -> None:
    for database, shared in ((ways.direct, False), (ways.sessions, False), (ways.transactions, True)):
        for _ in range(5):
            assert await shares_backends(database.api) is shared


async def test_doctor_is_content_with_poolers_as_the_guide_has_them(ways: Ways, tmp_path: Path) -> None:
    found = await looked_at(ways.environment(tmp_path), **{FLAG: "1"})
    assert broken(found) == set()
    assert {"pooler", "api notifications", "worker notifications", "one database"} <= found.keys()


async def test_doctor_finds_a_pooler_that_nobody_mentioned(ways: Ways, tmp_path: Path) -> None:
    found = await looked_at(ways.environment(tmp_path))
    assert broken(found) == {"pooler"}
    assert found["pooler"].found.startswith("DATABASE_URL and DATABASE_WORKER_URL go through a transaction")
    assert found["pooler"].fix == "Set ORYXFORGE_DATABASE_POOLED=1."


@pytest.mark.parametrize(
    ("without", "checks", "wanted"),
    [
        ("DATABASE_SESSION_URL", {"api notifications"}, "Set DATABASE_SESSION_URL to a session"),
        ("DATABASE_WORKER_SESSION_URL", {"worker notifications"}, "Set DATABASE_WORKER_SESSION_URL to a ses"),
    ],
)
async def test_doctor_finds_that_nobody_can_listen(
    ways: Ways, tmp_path: Path, without: str, checks: set[str], wanted: str
) -> None:
    env = {**ways.environment(tmp_path), FLAG: "1"}
    query = env[without.replace("SESSION_", "")]
    for lacking in ({k: v for k, v in env.items() if k != without}, {**env, without: query}):
        found = await looked_at(lacking)
        assert broken(found) == checks
        assert wanted in found[next(iter(checks))].fix
