"""SQL that others wrote reads the given sheets and nothing else, past the parser too."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from oryxforge.adapters.engine import DuckEngine
from oryxforge.adapters.engine.duck import Duck
from oryxforge.adapters.engine.place import Place
from oryxforge.adapters.engine.work import Stop
from oryxforge.domain.errors import Invalid, OryxError

TABLES = {"sales.Orders": "mine/orders.parquet"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("walls") / "root"
    for name in ("mine/orders", "other/secret"):
        path = root / f"{name}.parquet"
        path.parent.mkdir(parents=True)
        duckdb.sql(f"copy (select 42 as a) to '{path}' (format parquet)")
    return root


@pytest.fixture(scope="module")
def engine(root: Path) -> Iterator[DuckEngine]:
    engine = DuckEngine(str(root), temp_folder=root.parent / "temp")
    yield engine
    engine.close()


def attacks(root: Path) -> list[str]:
    secret = root / "other" / "secret.parquet"
    return [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        f"select * from '{secret}'",
        f"select * from read_parquet('{secret}')",
        f"select * from parquet_metadata('{secret}')",
        f"select * from parquet_scan(['{root}/mine/orders.parquet', '{secret}'])",
        f"select * from read_parquet('{root}/mine/../other/secret.parquet')",
        "select * from read_text('/etc/hostname')",
        "select * from read_blob('/etc/hostname')",
        "select * from read_json('/etc/hostname')",
        "select * from sniff_csv('/etc/passwd')",
        "select * from glob('/*')",
        "from duckdb_secrets()",
        "select getenv('HOME')",
        f"copy (select 1) to '{root}/out.csv'",
        f"copy sales.Orders to '{root}/mine/orders2.parquet'",
        f"attach '{root}/x.db' as x",
        f"attach '{secret}' as x",
        "install httpfs",
        "load httpfs",
        f"load '{root}/x.duckdb_extension'",
        "pragma enable_profiling",
        f"pragma profiling_output='{root}/profile'",
        "set memory_limit = '100GB'",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset lock_configuration",
        "set allowed_paths = ['/etc/passwd']",
        "set temp_directory = '/tmp/elsewhere'",
        f"export database '{root}/all'",
        "import database '/tmp'",
        "create secret s (type s3)",
        f"create table t as from read_parquet('{secret}')",
        f"create view v as from '{secret}'",
        f"prepare p as select * from '{secret}'",
        f"select * from query('select * from ''{secret}''')",
        f"select * from query_table('{secret}')",
    ]


def test_the_connection_itself_is_the_wall(root: Path, tmp_path: Path) -> None:
    duck = Duck(Place(str(root), tmp_path / "temp"), "256MB", 2)
    before = _files(root)
    for sql in attacks(root):
        with duck.sandbox(Stop(), {"sales.Orders": f"{root}/mine/orders.parquet"}) as connection:
            assert connection.execute("select a from sales.orders").fetchall() == [(42,)]
            with pytest.raises(duckdb.Error):
                connection.execute(sql).fetchall()
    assert _files(root) == before


def _files(root: Path) -> list[Path]:
    return sorted(p for p in root.parent.rglob("*") if p.is_file())


async def test_the_parser_refuses_it_too(engine: DuckEngine, root: Path) -> None:
    for sql in attacks(root):
        with pytest.raises(Invalid) as caught:
            await engine.query(sql, TABLES)
        assert str(root) not in caught.value.detail or str(root) in sql


@pytest.mark.parametrize(
    "sql",
    [
        "insert into sales.Orders values (1)",
        "delete from sales.Orders",
        "update sales.Orders set a = 1",
        "drop view sales.Orders",
        "create table t as select 1",
        "with x as (insert into sales.Orders values (1) returning *) select * from x",
        "select 1; select 2",
        "begin",
        "explain select 1",
        "call pragma_version()",
        "show tables",
        "describe",
        "checkpoint",
        "select * from information_schema.tables",
        "select * from duckdb_settings()",
        "select * from (select * from (select * from duckdb_views()))",
        "with x as (from duckdb_tables()) from x",
        "select (select count(*) from duckdb_settings())",
        "select current_setting('temp_directory')",
        "select pg_get_viewdef(1)",
        "select * from pragma_show('sales.Orders')",
        "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))",
        "select json_execute_serialized_sql('x')",
        "select * from test_all_types()",
    ],
)
async def test_only_one_statement_that_reads_sheets(engine: DuckEngine, sql: str) -> None:
    for call in (engine.query(sql, TABLES), engine.write_query(sql, TABLES, "mine/new.parquet")):
        with pytest.raises(Invalid) as caught:
            await call
        assert caught.value.code in ("sql_not_read_only", "function_not_allowed", "table_unknown")


async def test_a_sheet_that_is_not_in_the_query_is_not_opened(engine: DuckEngine) -> None:
    tables = {**TABLES, "other.Secret": "other/secret.parquet", "gone.Sheet": "gone.parquet"}
    result = await engine.query("select * from sales.Orders", tables)
    assert result.tables == ("sales.Orders",)


async def test_messages_hold_no_path(engine: DuckEngine, root: Path) -> None:
    (root / "mine" / "orders.parquet").write_bytes(b"PAR1 this is damaged PAR1")
    with pytest.raises(OryxError) as caught:
        await engine.query("select * from sales.Orders", TABLES)
    assert str(root) not in caught.value.detail
