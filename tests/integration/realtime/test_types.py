"""Columns of all types that Postgres prints in more than one way: filtered by, and in keys under row-level security."""

from collections.abc import Iterator

import pytest

from fixtures.postgres import PostgresServer
from integration.realtime.client import bare
from integration.realtime.serving import Serving, make_user
from oryxforge.embedded.gateway.realtime.hub import Limits

TABLES = """
create domain public.code as char(3);
create domain public.inner_code as public.code;
create domain public.price as numeric(5, 2);
create table public.typed (
  id int primary key, b bool, c char(3), bits bit(4), v varchar(3), n numeric(5, 2), host inet, named name,
  letter "char", d public.inner_code, p public.price, at timestamptz
);
grant select on public.typed to anon;
alter publication supabase_realtime add table public.typed;
"""
ROW = "true, 'abc', B'1010', 'abc', 1.23, '1.2.3.4', 'named', 'l', 'xyz', 1.23, '2020-02-29 12:00+02'"
TYPED: dict[str, object] = {"event": "INSERT", "schema": "public", "table": "typed"}
HOLD = [
    *("b=eq.true", "b=eq.t", "id=gte.0,b=eq.yes", "b=not.eq.false", "b=in.(true)", "b=is.true"),
    *("c=eq.abc", "c=eq.abc  ", "c=in.(abc)", "c=gt.abb", "bits=eq.1010", "bits=in.(1010,1111)"),
    *("v=eq.abc", "n=eq.1.230", "host=eq.1.2.3.4", "host=eq.1.2.3.4/32", "named=eq.named", "letter=eq.l"),
    *("d=eq.xyz", "d=in.(xyz)", "p=eq.1.23", "at=eq.2020-02-29 10:00", "at=lt.2021-01-01"),
]
HOLD_NOT = [
    *("b=eq.false", "b=eq.0", "c=eq.axx", "c=eq.abcd", "c=in.(abcd)", "bits=eq.1111", "bits=eq.10101"),
    *("v=eq.abcd", "v=in.(abcd)", "n=eq.1.234", "n=in.(1.2349)", f"named=eq.named{'x' * 63}", "letter=eq.lx"),
    *("d=eq.xyzz", "d=in.(xyzz)", "p=eq.1.234"),
]
KEYS = {
    "bool": "true",
    "char(4)": "'ab'",
    "char(1)": "'a'",
    "varchar(5)": "'ab '",
    "inet": "'1.2.3.4'",
    "cidr": "'10.0.0.0/8'",
    "bit(3)": "B'101'",
    "varbit": "B'0101'",
    "numeric(6,2)": "1.5",
    "float8": "0.1",
    "bytea": r"'\xdead'",
    "timestamptz": "'2020-02-29 12:00+02'",
    "interval": "'1 day 02:00'",
    "money": "1.5",
    '"char"': "'c'",
    "name": "'n'",
    "text[]": """'{a,"b c"}'""",
    "char(3)[]": "'{a,b}'",
    "inner_code": "'ab'",
    "jsonb": """'{"a": [1, true]}'""",
}


@pytest.fixture(scope="module")
def app(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    database = postgres_server.make_database()
    with Serving(tmp_path_factory.mktemp("app"), database, Limits(asked_filters=100)) as running:
        for statement in TABLES.strip().split(";\n"):
            running.run(statement)
        yield running


async def test_filters_hold_where_postgres_says_so(app: Serving) -> None:
    filters = [*HOLD, *HOLD_NOT]
    async with bare(app.socket_url()) as client:
        answer = await client.join("t", None, *({**TYPED, "filter": f} for f in filters))
        ids = [one["id"] for one in answer["response"]["postgres_changes"]]
        app.run("delete from typed")
        app.run(f"insert into typed values (1, {ROW})")
        seen = (await client.until("postgres_changes"))["ids"]
        assert [f for f, id_ in zip(filters, ids, strict=True) if id_ in seen] == HOLD


@pytest.mark.parametrize(
    "filter_", ["n=gt.x", "at=gt.x", "at=in.(x)", "b=neq.maybe", "bits=lt.2", "host=eq.x"]
)
async def test_values_that_are_none_are_refused(app: Serving, filter_: str) -> None:
    async with bare(app.socket_url()) as client:
        assert (await client.subscribe("t", None, {**TYPED, "filter": filter_}))["status"] == "error"


async def test_rows_are_seen_whatever_their_key_is_made_of(app: Serving) -> None:
    user = make_user(app)
    for n, type_ in enumerate(KEYS):
        app.run(f"create table keyed{n} (doc int, k {type_}, body text, primary key (doc, k))")
        app.run(f"alter table keyed{n} enable row level security")
        app.run(f"grant select on keyed{n} to authenticated")
        app.run(f"create policy even on keyed{n} for select to authenticated using (mod(doc, 2) = 0)")
        app.run(f"alter publication supabase_realtime add table keyed{n}")
    async with bare(app.socket_url()) as client:
        answer = await client.join("k", app.token(user), {"event": "*", "schema": "public", "table": "*"})
        assert answer["status"] == "ok"
        got = dict[str, list[tuple[str, str]]]()
        for n, value in enumerate(KEYS.values()):
            app.run(f"insert into keyed{n} select doc, {value}, 'a' from generate_series(1, 2) doc")
            app.run(f"update keyed{n} set body = 'b' where doc = 2")
        app.run("insert into typed (id) values (2)")
        while (data := await client.change())["table"] != "typed":
            got.setdefault(data["table"], []).append((data["type"], data["record"]["body"]))
        assert got == {f"keyed{n}": [("INSERT", "a"), ("UPDATE", "b")] for n in range(len(KEYS))}
