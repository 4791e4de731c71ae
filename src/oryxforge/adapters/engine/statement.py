"""What a statement reads, found in the engine's own syntax tree; and whether it only reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import duckdb
import orjson

from oryxforge.adapters.engine.duck import Connection, too_big_for_memory
from oryxforge.adapters.engine.nearest import nearest
from oryxforge.domain.errors import Invalid

QUERY_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest", "json_each", "json_tree", "repeat"})
# They show the engine's settings, or run text as SQL behind this check.
HIDDEN_FUNCTIONS = frozenset(
    {"current_setting", "getenv", "pg_get_viewdef", "getvariable", "json_serialize_sql", "json_deserialize_sql",
     "json_serialize_plan", "json_execute_serialized_sql", "query", "query_table", "currval", "nextval",
     "write_log", "which_secret", "current_database", "parse_duckdb_log_message"}
)  # fmt: skip
READ_ONLY = (
    "Only one statement that reads can run here: SELECT, WITH, FROM, VALUES, DESCRIBE or SUMMARIZE, "
    "over sheets named `dataset.Sheet`."
)
MAX_SQL = 1 << 20
Tree = Mapping[str, object]


@dataclass(frozen=True)
class Statement:
    """One reading statement, without a semicolon, and the tables it names, as written, by their path."""

    sql: str
    tables: tuple[tuple[str, ...], ...]


def parse(connection: Connection, sql: str) -> Statement:
    """Raises Invalid for what is not exactly one statement that reads."""
    if not sql.strip():
        raise Invalid("The query is empty. Write a SELECT.", code="sql_invalid")
    if len(sql) > MAX_SQL:
        raise Invalid(f"The SQL is longer than {MAX_SQL} characters. Shorten it.", code="sql_invalid")
    row = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    try:
        tree = cast(Tree, orjson.loads(str(row[0]) if row else "{}"))
    except orjson.JSONDecodeError as error:
        raise too_deep() from error
    if tree.get("error"):
        if tree.get("error_type") == "not implemented":
            raise Invalid(READ_ONLY, code="sql_not_read_only")
        if tree.get("error_type") == "out of memory":
            raise too_big_for_memory()
        raise Invalid(f"The SQL can't be read: {tree.get('error_message')}", code="sql_invalid")
    statements = _list(tree.get("statements"))
    if len(statements) != 1:
        raise Invalid(READ_ONLY, code="sql_not_read_only")
    reader = _Reader()
    try:
        reader.query(_tree(_tree(statements[0]).get("node")), frozenset())
    except RecursionError as error:
        raise too_deep() from error
    return Statement(_without_end(sql), tuple(dict.fromkeys(reader.tables)))


def too_deep() -> Invalid:
    return Invalid("The SQL is nested too deeply. Simplify it.", code="sql_invalid")


def _without_end(sql: str) -> str:
    """The statement without the semicolons and comments behind it, so that it can stand in parentheses."""
    raw = sql.encode()
    end = len(raw)
    for offset, kind in reversed(duckdb.tokenize(sql)):
        if kind != duckdb.token_type.comment and raw[offset : offset + 1] != b";":
            break
        end = offset
    return raw[:end].decode().strip()


def resolve(statement: Statement, tables: Mapping[str, str]) -> dict[str, str]:
    """The tables that a statement reads: from the name to be made for it to the address `dataset.Sheet`.

    Raises Invalid for a name that is none of `tables`, or more than one.
    """
    by_lower = {address.lower(): address for address in tables}
    bare: dict[str, list[str]] = {}
    for address in tables:
        bare.setdefault(address.rpartition(".")[2].lower(), []).append(address)
    found: dict[str, str] = {}
    for path in statement.tables:
        name = ".".join(path)
        low = name.lower()
        if low in by_lower:
            found[by_lower[low]] = by_lower[low]
        elif len(path) == 1 and len(bare.get(low, [])) == 1:
            found[bare[low][0].rpartition(".")[2]] = bare[low][0]
        elif len(path) == 1 and low in bare:
            several = ", ".join(f"`{a}`" for a in bare[low])
            raise Invalid(f"`{name}` may be {several}; name one with its dataset.", code="table_ambiguous")
        else:
            raise Invalid(f"There is no table `{name}`; {nearest(name, list(tables))}.", code="table_unknown")
    return found


class _Reader:
    """Walks the tree, keeping in mind which names are common table expressions where."""

    def __init__(self) -> None:
        self.tables: list[tuple[str, ...]] = []

    def query(self, node: Tree, names: frozenset[str]) -> None:
        if node.get("type") not in QUERY_NODES:
            raise Invalid(READ_ONLY, code="sql_not_read_only")
        for entry in _list(_tree(node.get("cte_map")).get("map")):
            name = str(_tree(entry).get("key")).lower()
            body = _tree(_tree(_tree(entry).get("value")).get("query_node"))
            recursive = body.get("type") == "RECURSIVE_CTE_NODE"
            self.query(body, names | {name} if recursive else names)
            names |= {name}
        for key, value in node.items():
            if key != "cte_map":
                self.walk(value, names)

    def walk(self, value: object, names: frozenset[str]) -> None:
        if isinstance(value, list):
            for item in cast(list[object], value):
                self.walk(item, names)
        elif isinstance(value, dict):
            self._visit(cast(Tree, value), names)

    def _visit(self, node: Tree, names: frozenset[str]) -> None:
        kind = str(node.get("type", ""))
        if "cte_map" in node or kind.endswith("_NODE"):
            self.query(node, names)
            return
        if kind == "BASE_TABLE":
            self._table(node, names)
        elif kind == "TABLE_FUNCTION":
            self._table_function(_tree(node.get("function")))
        elif kind == "SHOW_REF" and not node.get("query"):
            raise Invalid(READ_ONLY, code="sql_not_read_only")
        elif node.get("class") == "FUNCTION":
            self._function(node)
        for item in node.values():
            self.walk(item, names)

    def _table(self, node: Tree, names: frozenset[str]) -> None:
        path = tuple(str(p) for p in _list(_tree(node.get("qualified_name")).get("path")))
        if not (len(path) == 1 and path[0].lower() in names):
            self.tables.append(path)

    def _table_function(self, function: Tree) -> None:
        name = str(function.get("function_name", "")).lower()
        if name not in TABLE_FUNCTIONS:
            raise Invalid(
                f"`{name}` can't be used here: a query reads only sheets, named `dataset.Sheet`.",
                code="function_not_allowed",
            )

    def _function(self, node: Tree) -> None:
        name = str(node.get("function_name", "")).lower()
        if name in HIDDEN_FUNCTIONS or name.startswith(("pragma_", "duckdb_", "pg_")):
            raise Invalid(f"The function `{name}` can't be used here.", code="function_not_allowed")


def _tree(value: object) -> Tree:
    return cast(Tree, value) if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[object]:
    return cast(list[object], value) if isinstance(value, list) else []
