"""The floor of load-dataframe: one ASGI function with the same token check, transaction and read, and nothing else."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import jwt
import uvicorn

from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.postgres.sheets import HERE
from oryxforge.adapters.postgres.store import CLAIMS
from oryxforge.adapters.supabase.tokens import load_or_create_key

ONE = HERE + "and s.project_id = $1 and lower(d.name_python) = lower($2) and lower(s.name_python) = lower($3)"


class BareApp:
    def __init__(self) -> None:
        self.pool = Pool(os.environ["BENCH_DATABASE_URL"])
        self.key = jwt.PyJWK(load_or_create_key(Path(os.environ["BENCH_KEY"])).jwk).key
        self.root = Path(os.environ["BENCH_FILES"])

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        token = dict(scope["headers"])[b"authorization"].partition(b" ")[2]
        claims = jwt.decode(token, self.key, algorithms=["ES256"], audience="authenticated")
        body = json.loads((await receive())["body"])
        dataset, sheet = body["name_python"].split(".")
        async with self.pool.connection() as db, db.transaction():
            await db.execute(CLAIMS, json.dumps(claims))
            row = await db.fetchrow(ONE, body["project_id"], dataset, sheet)
        path = self.root / f"{row['uri']}.head.json"
        data = await asyncio.to_thread(path.read_bytes)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(data)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": data})


if __name__ == "__main__":
    uvicorn.run(
        BareApp(), port=int(os.environ["BENCH_PORT"]), access_log=False, log_level="error", lifespan="off"
    )
