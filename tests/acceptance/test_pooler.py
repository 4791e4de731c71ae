"""A transaction pooler between the processes and the database: queries through it, LISTEN and the queue beside it."""

import time
from pathlib import Path

import httpx
import jwt

from acceptance.programs import oryxforge, wait_until
from acceptance.test_production import ISSUER, SECRET, answers, free_port, running
from fixtures.pgbouncer import needs_pgbouncer, pooled
from fixtures.postgres import PostgresServer


@needs_pgbouncer
def test_api_and_worker_through_a_transaction_pooler(postgres_server: PostgresServer, tmp_path: Path) -> None:
    database = postgres_server.make_database()
    user = database.add_user()
    claims = {"sub": str(user), "aud": "authenticated", "iss": ISSUER, "role": "authenticated"}
    token = jwt.encode({**claims, "exp": int(time.time()) + 600}, SECRET, algorithm="HS256")
    with pooled(database) as through:
        env = {
            "DATABASE_URL": through.api,
            "DATABASE_SESSION_URL": database.api,
            "DATABASE_WORKER_URL": through.worker,
            "DATABASE_WORKER_SESSION_URL": database.worker,
            "ORYXFORGE_DATABASE_POOLED": "1",
            "SUPABASE_URL": ISSUER.removesuffix("/auth/v1"),
            "SUPABASE_JWT_SECRET": SECRET,
            "ORYXFORGE_SCRIPTED_AGENT": "1",
            "ORYXFORGE_DATA": str(tmp_path / "data"),
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
                    {**claims, "sub": str(database.add_user()), "exp": int(time.time()) + 600}, SECRET
                )
                seen = client.get("/projects", headers={"Authorization": f"Bearer {stranger}"}).json()
                assert seen["projects"] == []
            done = oryxforge("projects", "list", "--json", "--url", url, env={"ORYXFORGE_TOKEN": token})
            assert "Pooled" in done.stdout
