"""Names of columns, made fit for a table."""

from collections.abc import Sequence


def unique_headers(raw: Sequence[str | None]) -> list[str]:
    """Names that are there and differ without regard to case: `a`, `A` become `a`, `A_2`; none is `column_3`."""
    cleaned = [" ".join((name or "").replace("\0", " ").split()) for name in raw]
    wanted = [name or f"column_{position}" for position, name in enumerate(cleaned, 1)]
    reserved = {name.lower() for name in wanted}
    taken: set[str] = set()
    headers: list[str] = []
    for name in wanted:
        candidate, number = name, 2
        while candidate.lower() in taken:
            candidate = f"{name}_{number}"
            number += 1
            if candidate.lower() in reserved:
                candidate = name
        taken.add(candidate.lower())
        headers.append(candidate)
    return headers
