"""Names near to one that is not there, for a message that helps."""

import difflib
from collections.abc import Sequence

SHOWN = 8


def nearest(name: str, known: Sequence[str]) -> str:
    """`the nearest are …`, or all of them where nothing is near."""
    if not known:
        return "there are none"
    by_lower = {k.lower(): k for k in known}
    close = difflib.get_close_matches(name.lower(), list(by_lower), n=5, cutoff=0.5)
    inside = [low for low in by_lower if name.lower() in low or low in name.lower()]
    found = list(dict.fromkeys([*close, *inside]))[:SHOWN]
    if found:
        return "the nearest are " + ", ".join(f"`{by_lower[low]}`" for low in found)
    more = ", …" if len(known) > SHOWN else ""
    return "there are " + ", ".join(f"`{k}`" for k in known[:SHOWN]) + more
