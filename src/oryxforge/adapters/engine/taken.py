"""Values as a spreadsheet takes them from a CSV file: plain, and no text that it would run as a formula."""

from collections.abc import Sequence

from oryxforge.adapters.engine.duck import Connection, quoted
from oryxforge.adapters.engine.profile import is_number
from oryxforge.adapters.engine.values import is_nested, json_expression
from oryxforge.domain.sheets import Column

# What begins a formula, in East Asian editions too, and what is skipped before it. (A list for IN would become a join,
# which keeps no order of rows.)
FORMULA = r"^[=+\-@＝＋－＠\t\r\n]"
NUMBER = r"[+-]?[\d.,\s]*\d[\d.,\s]*(?:[eE][+-]?\d+)?%?"
HARMLESS = frozenset({"BOOLEAN", "DATE", "TIME", "UUID", "INTERVAL"})


def no_formula(value: str) -> str:
    """SQL of a text with an apostrophe before it where a spreadsheet would else run it."""
    runs = f"regexp_matches({value}, '{FORMULA}') AND NOT regexp_full_match({value}, '{NUMBER}')"
    return f"CASE WHEN {runs} THEN chr(39) || {value} ELSE {value} END"


def text_expression(value: str, kind: str) -> str:
    """SQL of any value as a text: lists and structures as JSON, times with a space, NaN and infinities missing."""
    if kind == "VARCHAR":
        return value
    if is_nested(kind):
        return f"CAST(to_json({value}) AS VARCHAR)"
    shown = json_expression(value, kind)
    return f"replace({shown}, 'T', ' ')" if kind.startswith("TIMESTAMP") else f"CAST({shown} AS VARCHAR)"


def csv_expression(column: Column) -> str:
    """SQL of a column as a CSV file has it."""
    name, kind = quoted(column.name), column.type
    if is_number(kind):
        return json_expression(name, kind)
    shown = text_expression(name, kind)
    is_harmless = kind in HARMLESS or kind.startswith("TIMESTAMP") or is_nested(kind)
    return shown if is_harmless else no_formula(shown)


def csv_headers(connection: Connection, names: Sequence[str]) -> list[str]:
    rows = connection.execute(
        f"SELECT {no_formula('name')} FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS name)", [names]
    ).fetchall()
    return [str(row[0]) for row in rows]
