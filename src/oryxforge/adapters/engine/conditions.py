"""Filters of a page as SQL: names quoted, values bound; NaN and infinities count as missing, as they are shown."""

import base64
import binascii
import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import cast

from oryxforge.adapters.engine.duck import quoted
from oryxforge.adapters.engine.nearest import nearest
from oryxforge.adapters.engine.values import is_float, is_nested
from oryxforge.domain.errors import Invalid
from oryxforge.domain.sheets import Column, Filter

COMPARED = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
           "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip
MAX_IN = 10_000


def condition(wanted: Filter, column: Column, parameters: list[object]) -> str:
    """SQL for one filter; its values go to `parameters`. Raises Invalid."""
    name = quoted(column.name)
    if wanted.op == "is_null" or (wanted.op == "eq" and wanted.value is None):
        return f"({name} IS NULL OR NOT isfinite({name}))" if is_float(column.type) else f"{name} IS NULL"
    if wanted.op == "not_null" or (wanted.op == "ne" and wanted.value is None):
        return f"isfinite({name})" if is_float(column.type) else f"{name} IS NOT NULL"
    maker = OPERATORS.get(wanted.op)
    if maker is None:
        raise Invalid(
            f"There is no filter `{wanted.op}`; {nearest(wanted.op, OPERATOR_NAMES)}.", code="filter_unknown"
        )
    if is_nested(column.type) and wanted.op not in ("contains", "starts_with"):
        raise Invalid(
            f"Column `{column.name}` holds lists or structures; filter it with contains, is_null or not_null.",
            code="filter_unfit",
        )
    return maker(name, column, wanted, parameters)


def searching(wanted: str, columns: Sequence[Column], parameters: list[object]) -> str:
    """SQL for the rows that hold a text in any column, whatever the case."""
    searched = [c for c in columns if c.type != "BLOB"]
    parameters.extend([wanted.lower()] * len(searched))
    parts = [f"contains(lower({_text_of(c)}), CAST(? AS VARCHAR))" for c in searched]
    return f"({' OR '.join(parts)})" if parts else "false"


def _text_of(column: Column) -> str:
    name = quoted(column.name)
    shown = f"CASE WHEN isfinite({name}) THEN {name} END" if is_float(column.type) else name
    return name if column.type == "VARCHAR" else f"CAST({shown} AS VARCHAR)"


def _equal(name: str, column: Column, wanted: Filter, parameters: list[object]) -> str:
    parameters.append(_value(column, wanted.value))
    same = f"{name} IS NOT DISTINCT FROM {_bound(column)}"
    return same if wanted.op == "eq" else f"NOT ({same})"


def _compared(name: str, column: Column, wanted: Filter, parameters: list[object]) -> str:
    parameters.append(_value(column, wanted.value))
    compared = f"{name} {COMPARED[wanted.op]} {_bound(column)}"
    return f"({compared} AND isfinite({name}))" if is_float(column.type) else compared


def _text(name: str, column: Column, wanted: Filter, parameters: list[object]) -> str:
    parameters.append(str(wanted.value).lower())
    search = "contains" if wanted.op == "contains" else "starts_with"
    return f"{search}(lower(CAST({name} AS VARCHAR)), CAST(? AS VARCHAR))"


def _among(name: str, column: Column, wanted: Filter, parameters: list[object]) -> str:
    if not isinstance(wanted.value, list | tuple):
        raise Invalid("The filter `in` takes a list of values.", code="filter_value")
    values = list(cast(Sequence[object], wanted.value))
    if len(values) > MAX_IN:
        raise Invalid(f"The filter `in` takes at most {MAX_IN} values.", code="filter_value")
    present = [_value(column, v) for v in values if v is not None]
    parameters.extend(present)
    parts = [f"{name} IN ({', '.join([_bound(column)] * len(present))})"] if present else []
    parts += [f"{name} IS NULL"] if len(present) < len(values) else []
    return f"({' OR '.join(parts)})" if parts else "false"


Maker = Callable[[str, Column, Filter, list[object]], str]
OPERATORS: dict[str, Maker] = {
    "eq": _equal, "ne": _equal, "gt": _compared, "gte": _compared, "lt": _compared, "lte": _compared,
    "contains": _text, "starts_with": _text, "in": _among,
}  # fmt: skip
OPERATOR_NAMES = [*OPERATORS, "is_null", "not_null"]


def _bound(column: Column) -> str:
    """A parameter in the column's type; numbers keep their own, so that 5.5 is not rounded to an integer."""
    return "?" if column.type.startswith(NUMBERS) else f"CAST(? AS {column.type})"


def _value(column: Column, value: object) -> object:
    unfit = Invalid(
        f"`{value}` is no value for column `{column.name}` of type {column.type}.", code="filter_value"
    )
    if column.type.startswith(NUMBERS):
        return _number(value, unfit)
    if column.type == "BOOLEAN":
        flags = {"true": True, "false": False}
        if str(value).lower() not in flags:
            raise unfit
        return flags[str(value).lower()]
    if column.type == "BLOB":
        try:
            return base64.b64decode(str(value), validate=True)
        except (binascii.Error, ValueError) as error:
            raise unfit from error
    if isinstance(value, dict | list | tuple):
        raise unfit
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


def _number(value: object, unfit: Invalid) -> object:
    """A number as the engine compares it exactly, from one or from its text."""
    if isinstance(value, bool):
        raise unfit
    if isinstance(value, int):
        return value if abs(value) < 2**127 else float(value)
    if isinstance(value, float):
        return value
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise unfit from error
    if not number.is_finite():
        return float(number)
    whole = number == number.to_integral_value() and abs(number) < 2**127
    if whole:
        return int(number)
    digits = len(number.as_tuple().digits)
    return number if digits <= 38 and math.fabs(number.adjusted()) < 38 else float(number)
