"""Types that a person may choose for a column."""

import re

from oryxforge.domain.errors import Invalid

CHOICES = {
    "VARCHAR": "VARCHAR", "TEXT": "VARCHAR", "STRING": "VARCHAR",
    "BIGINT": "BIGINT", "INTEGER": "INTEGER", "INT": "INTEGER", "SMALLINT": "SMALLINT", "TINYINT": "TINYINT",
    "UBIGINT": "UBIGINT", "UINTEGER": "UINTEGER", "USMALLINT": "USMALLINT", "UTINYINT": "UTINYINT",
    "DOUBLE": "DOUBLE", "FLOAT": "FLOAT", "REAL": "FLOAT", "BOOLEAN": "BOOLEAN", "BOOL": "BOOLEAN",
    "DATE": "DATE", "TIME": "TIME", "TIMESTAMP": "TIMESTAMP", "DATETIME": "TIMESTAMP", "UUID": "UUID",
    "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITH TIME ZONE": "TIMESTAMP WITH TIME ZONE",
}  # fmt: skip
DECIMAL = re.compile(r"(?:DECIMAL|NUMERIC)(?:\((\d{1,2})(?:,(\d{1,2}))?\))?")
MAX_DIGITS = 38


def checked_type(chosen: str) -> str:
    """A chosen type as the engine spells it. Raises Invalid where there is no such type."""
    name = " ".join(chosen.upper().split())
    if name in CHOICES:
        return CHOICES[name]
    decimal = DECIMAL.fullmatch(name.replace(" ", ""))
    if decimal is not None:
        width, scale = int(decimal[1] or 18), int(decimal[2] or (0 if decimal[1] else 3))
        if 0 < width <= MAX_DIGITS and scale <= width:
            return f"DECIMAL({width},{scale})"
    raise Invalid(
        f"`{chosen}` is no column type. Choose VARCHAR, BIGINT, DOUBLE, DECIMAL(18,2), DATE, TIMESTAMP or BOOLEAN.",
        code="type_unknown",
    )
