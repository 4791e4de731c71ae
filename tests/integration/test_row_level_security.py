"""The wall, tried from behind every login: each table, each verb, as a stranger, a viewer, an editor, an owner."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from fixtures.postgres import Database

CLIENT_TABLES = [
    "projects",
    "project_members",
    "datasets",
    "data_sources",
    "datasheets",
    "datasheet_versions",
    "chats",
    "chat_messages",
    "artifacts",
]
DENIED = (asyncpg.InsufficientPrivilegeError,)


@dataclass
class Scene:
    """A project with one row in every table, its people, and somebody else's project beside it."""

    owner: UUID
    editor: UUID
    viewer: UUID
    stranger: UUID
    project: UUID
    dataset: UUID
    chat: UUID
    sheet: UUID
    run: UUID
    worker: UUID


@pytest.fixture
async def scene(database: Database) -> Scene:
    s = Scene(*(uuid4() for _ in range(10)))
    db = await asyncpg.connect(database.owner)
    try:
        for user in (s.owner, s.editor, s.viewer, s.stranger):
            await db.execute(
                "insert into auth.users (id, email) values ($1, $2)", user, f"{user}@example.org"
            )
        for project, owner in ((s.project, s.owner), (uuid4(), s.stranger)):
            await db.execute(
                "insert into projects (id, name, user_owner, name_git) values ($1, 'P', $2, 'p')",
                project,
                owner,
            )
        for user, role in ((s.editor, "editor"), (s.viewer, "viewer")):
            await db.execute(
                "insert into project_members (project_id, user_id, role) values ($1, $2, $3)",
                s.project,
                user,
                role,
            )
        s.dataset = await db.fetchval("select id from datasets where project_id = $1 limit 1", s.project)
        await db.execute(
            "insert into data_sources (project_id, user_owner, name, type, uri) values ($1, $2, 'f.csv', 'csv', 'u')",
            s.project,
            s.owner,
        )
        await db.execute(
            """insert into datasheets (id, dataset_id, project_id, user_owner, name, name_python, type, uri)
            values ($1, $2, $3, $4, 'S', 'S', 'table', 'u')""",
            s.sheet,
            s.dataset,
            s.project,
            s.owner,
        )
        await db.execute(
            """insert into datasheet_versions
              (datasheet_id, project_id, number, uri, rows, columns, size_bytes, content_hash, created_by)
            values ($1, $2, 1, 'u', 1, '[]', 1, 'h', $3)""",
            s.sheet,
            s.project,
            s.owner,
        )
        await db.execute(
            "insert into chats (id, project_id, user_id, title, agent, status) values ($1, $2, $3, 't', 'quick', 'processing')",
            s.chat,
            s.project,
            s.owner,
        )
        await db.execute(
            "insert into chat_messages (chat_id, project_id, seq, role, content) values ($1, $2, 1, 'user', 'hi')",
            s.chat,
            s.project,
        )
        await db.execute(
            """insert into oryxforge.runs (id, kind, project_id, user_id, chat_id, status, attempt, worker, next_seq)
            values ($1, 'chat', $2, $3, $4, 'running', 1, $5, 2)""",
            s.run,
            s.project,
            s.owner,
            s.chat,
            s.worker,
        )
        await db.execute(
            "insert into artifacts (chat_id, project_id, run_id, datasheet_id, provenance) values ($1, $2, $3, $4, '{}')",
            s.chat,
            s.project,
            s.run,
            s.sheet,
        )
    finally:
        await db.close()
    return s


class As:
    """A connection that acts as one user through one login or role; every statement is rolled back."""

    def __init__(self, db: asyncpg.Connection, user: UUID | None, role: str | None) -> None:
        self.db, self.user, self.role = db, user, role

    async def __call__(self, sql: str, *values: object) -> list[asyncpg.Record]:
        transaction = self.db.transaction()
        await transaction.start()
        try:
            if self.role:
                await self.db.execute(f"set local role {self.role}")
            claims = {"sub": str(self.user), "role": "authenticated"} if self.user else {}
            await self.db.execute(
                "select set_config('request.jwt.claims', $1, true)", orjson.dumps(claims).decode()
            )
            return await self.db.fetch(sql, *values)
        finally:
            await transaction.rollback()


@pytest.fixture
async def login(database: Database):
    opened: list[asyncpg.Connection] = []

    async def connect(user: UUID | None, *, role: str = "authenticated") -> As:
        ours = {"oryxforge_api": database.api, "oryxforge_worker": database.worker}
        db = await asyncpg.connect(ours.get(role, database.owner))
        opened.append(db)
        return As(db, user, None if role in ours else role)

    yield connect
    for db in opened:
        await db.close()


async def all_tables(database: Database) -> dict[str, str]:
    """Each table, and a column of it that can be written to."""
    db = await asyncpg.connect(database.owner)
    try:
        rows = await db.fetch(
            """select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, (
              select quote_ident(a.attname) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and a.attgenerated = '' and a.attidentity <> 'a'
              order by a.attnum limit 1
            ) as column
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname in ('public', 'oryxforge', 'auth')"""
        )
    finally:
        await db.close()
    return {r["name"]: r["column"] for r in rows}


async def test_row_level_security_is_on_for_every_table(database: Database) -> None:
    db = await asyncpg.connect(database.owner)
    try:
        bare = await db.fetch(
            """select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname in ('public', 'oryxforge', 'auth') and not c.relrowsecurity"""
        )
    finally:
        await db.close()
    assert bare == []


async def test_our_logins_own_nothing_and_bypass_nothing(database: Database) -> None:
    db = await asyncpg.connect(database.owner)
    try:
        rows = await db.fetch(
            """select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
              exists (select from pg_class c where c.relowner = r.oid) as owns
            from pg_roles r where rolname like 'oryxforge\\_%'"""
        )
    finally:
        await db.close()
    assert {r["rolname"] for r in rows} >= {"oryxforge_api", "oryxforge_worker"}
    assert not any(v for r in rows for k, v in r.items() if k != "rolname")


@pytest.mark.parametrize("who", ["owner", "editor", "viewer", "stranger"])
async def test_a_signed_in_client_writes_nothing_anywhere(
    database: Database, scene: Scene, login, who: str
) -> None:
    act = await login(getattr(scene, who))
    tables = await all_tables(database)
    assert None not in tables.values()
    for table, column in tables.items():
        for sql in (
            f"insert into {table} default values",
            f"update {table} set {column} = {column}",
            f"delete from {table}",
            f"truncate {table}",
        ):
            with pytest.raises(DENIED):
                await act(sql)


@pytest.mark.parametrize("table", CLIENT_TABLES)
async def test_a_client_reads_what_is_shared_and_nothing_else(scene: Scene, login, table: str) -> None:
    column = "id" if table == "projects" else "project_id"
    for who, seen in (("owner", True), ("editor", True), ("viewer", True), ("stranger", False)):
        act = await login(getattr(scene, who))
        rows = await act(f"select * from public.{table} where {column} = $1", scene.project)
        assert bool(rows) is seen, who
    with pytest.raises(DENIED):
        await (await login(None, role="anon"))(f"select * from public.{table}")


async def test_private_tables_and_functions_are_closed_to_clients(
    database: Database, scene: Scene, login
) -> None:
    act = await login(scene.owner)
    for table in await all_tables(database):
        if not table.startswith("public."):
            with pytest.raises(DENIED):
                await act(f"select * from {table}")
    for call in (
        "oryxforge.read_pieces(array[$1::uuid], array[$1::uuid], array[0], 1)",
        "oryxforge.enqueue($1)",
        "oryxforge.sign_off($1)",
        "oryxforge.claim($1, $1)",
    ):
        with pytest.raises(DENIED):
            await act(f"select * from {call}", scene.run)


@pytest.mark.parametrize("role", ["oryxforge_api", "oryxforge_worker"])
@pytest.mark.parametrize("table", CLIENT_TABLES)
async def test_services_show_and_change_nothing_for_a_stranger(
    scene: Scene, login, role: str, table: str
) -> None:
    act = await login(scene.stranger, role=role)
    column = "id" if table == "projects" else "project_id"
    assert await act(f"select * from public.{table} where {column} = $1", scene.project) == []
    try:
        changed = await act(
            f"update public.{table} set deleted_at = now() where {column} = $1 returning 1", scene.project
        )
    except (*DENIED, asyncpg.UndefinedColumnError):
        changed = []
    assert changed == []
    try:
        dropped = await act(f"delete from public.{table} where {column} = $1 returning 1", scene.project)
    except DENIED:
        dropped = []
    assert dropped == []


async def test_a_viewer_changes_nothing_through_the_services(scene: Scene, login) -> None:
    act = await login(scene.viewer, role="oryxforge_api")
    for table in ("projects", "datasets", "data_sources", "datasheets", "chats"):
        column = "id" if table == "projects" else "project_id"
        sql = f"update public.{table} set deleted_at = now() where {column} = $1 returning 1"
        assert await act(sql, scene.project) == []
    for sql in (
        "insert into chats (project_id, user_id, title, agent) values ($1, $2, 't', 'quick')",
        "insert into datasets (project_id, user_owner, name, name_python) values ($1, $2, 'x', 'x')",
        "insert into project_members (project_id, user_id, role) values ($1, $2, 'editor')",
        "insert into oryxforge.runs (kind, project_id, user_id) values ('import', $1, $2)",
    ):
        with pytest.raises((*DENIED, asyncpg.UniqueViolationError)) as caught:
            await act(sql, scene.project, scene.viewer)
        assert isinstance(caught.value, DENIED)


async def test_an_editor_can_neither_share_nor_take_over(scene: Scene, login) -> None:
    act = await login(scene.editor, role="oryxforge_api")
    with pytest.raises(DENIED):
        await act(
            "insert into project_members (project_id, user_id, role) values ($1, $2, 'editor')",
            scene.project,
            scene.stranger,
        )
    sql = "update project_members set role = 'owner' where project_id = $1 returning 1"
    assert await act(sql, scene.project) == []
    assert await act("update projects set name = 'mine' where id = $1 returning 1", scene.project) == []
    with pytest.raises(DENIED):
        await act("update projects set user_owner = $2 where id = $1", scene.project, scene.editor)


async def test_the_api_can_forge_no_answer_and_no_cost(scene: Scene, login) -> None:
    act = await login(scene.owner, role="oryxforge_api")
    with pytest.raises(DENIED):
        await act(
            "insert into chat_messages (chat_id, project_id, seq, attempt, role, content) values ($1, $2, 2, 1, 'assistant', 'x')",
            scene.chat,
            scene.project,
        )
    with pytest.raises(DENIED):
        await act("update chats set cost_usd = 0 where id = $1", scene.chat)
    with pytest.raises(DENIED):
        await act("update oryxforge.runs set status = 'completed' where id = $1", scene.run)
    with pytest.raises(DENIED):
        await act("update oryxforge.runs set worker = null where id = $1", scene.run)


async def test_a_worker_writes_only_for_the_run_it_holds(scene: Scene, login) -> None:
    act = await login(scene.owner, role="oryxforge_worker")
    piece = """insert into chat_messages (chat_id, project_id, seq, attempt, role, content)
      select $1, $2, 9, $3, 'assistant', 'x' from (select set_config('oryxforge.worker', $4, true)) as me"""
    with pytest.raises(DENIED):
        await act(piece, scene.chat, scene.project, 1, str(uuid4()))
    with pytest.raises(DENIED):
        await act(piece, scene.chat, scene.project, 2, str(scene.worker))
    with pytest.raises(DENIED):
        await act(
            "insert into chat_messages (chat_id, project_id, seq, role) values ($1, $2, 9, 'user')",
            scene.chat,
            scene.project,
        )
    with pytest.raises(DENIED):
        await act("insert into auth.users (id) values ($1)", uuid4())
    with pytest.raises(DENIED):
        await act("insert into projects (name, user_owner, name_git) values ('x', $1, 'x')", scene.owner)


SHEET = """insert into datasheets (dataset_id, project_id, user_owner, name, name_python, type, uri)
  select $1, $2, $3, 'New', 'New', 'table', 'u'
  from (select set_config('oryxforge.run', $4, true), set_config('oryxforge.attempt', $5, true)) as held"""


async def test_a_worker_changes_sheets_only_for_the_run_it_holds(scene: Scene, login) -> None:
    act = await login(scene.owner, role="oryxforge_worker")
    sheet = (scene.dataset, scene.project, scene.owner)
    for run, attempt in (("", ""), (str(uuid4()), "1"), (str(scene.run), "2")):
        with pytest.raises(DENIED):
            await act(SHEET, *sheet, run, attempt)
    other = await login(scene.editor, role="oryxforge_worker")
    with pytest.raises(DENIED):
        await other(SHEET, scene.dataset, scene.project, scene.editor, str(scene.run), "1")
    assert await act("update datasheets set uri = 'x' where id = $1 returning id", scene.sheet) == []
    assert await act("delete from artifacts where chat_id = $1 returning id", scene.chat) == []
    with pytest.raises(DENIED):
        await act(
            "insert into data_sources (project_id, user_owner, name, type, uri) values ($1, $2, 'x', 'csv', 'u')",
            scene.project,
            scene.owner,
        )
    with pytest.raises(DENIED):
        await act(
            "insert into artifacts (chat_id, project_id, run_id, datasheet_id, provenance) values ($1, $2, $3, $4, '{}')",
            scene.chat,
            scene.project,
            scene.run,
            scene.sheet,
        )
    assert len(await act(SHEET + " returning id", *sheet, str(scene.run), "1")) == 1
