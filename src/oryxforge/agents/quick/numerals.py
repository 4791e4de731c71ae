"""Numbers as sentences have them: thousands apart, no more decimals than mean something."""

import math

CELL = 60


def number(value: object) -> float | None:
    """A cell as a number; big integers and decimals come as texts."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str):
        try:
            found = float(value)
        except ValueError:
            return None
        return found if math.isfinite(found) else None
    return None


def shown(value: float) -> str:
    """`1,234.5`, `0.0312`, `-3`."""
    if not math.isfinite(value):
        return "no number"
    size = abs(value)
    if size >= 1e15 or 0 < size < 1e-4:
        return f"{value:.3g}"
    if float(value).is_integer():
        return f"{value:,.0f}"
    decimals = 2 if size >= 1 else 2 + max(0, -math.floor(math.log10(size)))
    text = f"{value:,.{min(decimals, 8)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float) -> str:
    return f"{shown(round(value, 1 if abs(value) >= 1 else 2))} %"


def cell(value: object, kind: str = "") -> str:
    """A value in a sentence: one line, not too long."""
    if value is None:
        return "(missing)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) or kind.upper().startswith(("DECIMAL", "HUGEINT", "BIGINT")):
        found = number(value)
        return shown(found) if found is not None else str(value)
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    text = text.removesuffix("T00:00:00")
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def label(value: object, kind: str = "") -> str:
    """A value that names a group: whole numbers as they are, so that a year stays a year."""
    whole = isinstance(value, float | int) and not isinstance(value, bool) and float(value).is_integer()
    return str(int(value)) if whole and isinstance(value, float | int) else cell(value, kind)


def several(parts: list[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
