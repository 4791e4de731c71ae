"""The storage part by itself over a real database, and people who call it."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import httpx
import psycopg
from starlette.types import ASGIApp, Receive, Scope, Send

from fixtures.postgres import Database
from oryxforge.adapters.files import FsspecFiles
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.adapters.supabase.tokens import access_claims, load_or_create_key
from oryxforge.embedded.gateway.callers import Callers
from oryxforge.embedded.gateway.keys import load_or_create_keys
from oryxforge.embedded.gateway.storage.app import StorageApp
from oryxforge.embedded.gateway.storage.parts import StorageSettings
from oryxforge.embedded.gateway.surface import Surface

ISSUER = "http://127.0.0.1:8000/auth/v1"
OWN_FOLDER = "(storage.foldername(name))[1] = (select auth.uid())::text"
LIMIT = 5_000_000


def execute(database: Database, *statements: str) -> None:
    """As the owner of the schema."""
    with psycopg.connect(database.owner, autocommit=True) as db:
        for statement in statements:
            db.execute(statement)  # type: ignore[arg-type]


class Storage:
    """The part, its clients, its store."""

    def __init__(self, folder: Path, database: Database, limit: int = LIMIT) -> None:
        self.folder = folder
        self.database = database
        self.keys = load_or_create_keys(folder / "keys.json")
        self.signing = load_or_create_key(folder / "jwt.json")
        callers = Callers(self.keys, [self.signing], ISSUER)
        settings = StorageSettings(self.keys.secret, limit, folder / "uploads")
        files = FsspecFiles(str(folder / "files"))
        self.part = StorageApp(callers, Pool(database.authenticator, most=6), files, settings)
        self.app = Surface(_nothing, {"/storage/v1": self.part})
        transport = httpx.ASGITransport(self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://ours/storage/v1")

    async def close(self) -> None:
        await self.client.aclose()
        await self.part.close()

    @property
    def admin(self) -> dict[str, str]:
        return {"apikey": self.keys.secret}

    @property
    def anon(self) -> dict[str, str]:
        return {"apikey": self.keys.publishable}

    def signed_in(self, user: UUID, **over: object) -> dict[str, str]:
        token = self.signing.sign({**access_claims(user, "a@x.org", ISSUER, 60, "password"), **over})
        return {"apikey": self.keys.publishable, "authorization": f"Bearer {token}"}

    async def bucket(self, name: str = "papers", **more: object) -> str:
        made = await self.client.post("/bucket", headers=self.admin, json={"id": name, "name": name, **more})
        assert made.json() == {"name": name}
        return name

    async def put(
        self, path: str, content: bytes = b"hello", headers: dict[str, str] | None = None, **more: str
    ) -> httpx.Response:
        sent = {**(self.admin if headers is None else headers), "content-type": "text/plain", **more}
        return await self.client.post(f"/object/{path}", headers=sent, content=content)

    async def raw(self, method: str, path: str, content: bytes = b"") -> httpx.Response:
        """As the administrator, with a path that no client would send."""
        request = httpx.Request(method, "http://ours/", headers=self.admin, content=content)
        given = _Path(self.app, f"/storage/v1{path}")
        return await httpx.ASGITransport(given).handle_async_request(request)

    def sql(self, *statements: str) -> None:
        execute(self.database, *statements)

    def rows(self, query: str) -> Sequence[tuple[object, ...]]:
        with psycopg.connect(self.database.owner) as db:
            return db.execute(query).fetchall()  # type: ignore[arg-type]

    def own_folders(self, *verbs: str) -> None:
        """Policies as Supabase's guide writes them: to each the folder named by their id."""
        for verb in verbs:
            clause = "with check" if verb == "insert" else "using"
            self.sql(
                f"create policy own_{verb} on storage.objects for {verb} to authenticated {clause} ({OWN_FOLDER})"
            )

    def stored(self) -> list[Path]:
        """Every file that the store has."""
        return [p for p in (self.folder / "files").rglob("*") if p.is_file()]


class _Path:
    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = {"path": unquote(self._path), "raw_path": self._path.encode()}
        await self._app({**scope, **given}, receive, send)


async def _nothing(*_: object) -> None:
    raise AssertionError("this is not under the prefix")
