"""Tables of local files as a person calls them: `orders`, not `main.orders`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from oryxforge.domain.chats import Piece

# The schema whose tables need no prefix in SQL.
SCHEMA = "main"
# Where words and code are; the rest of a piece may hold cells, which are left as they are.
SAID = ("text", "choices", "provenance", "input", "sheet")


class BareNames:
    """Takes the schema away before the names of these tables."""

    def __init__(self, tables: Sequence[str]) -> None:
        names = "|".join(re.escape(t) for t in tables) or "(?!)"
        self._before = re.compile(
            rf'(?<![\w."])("{SCHEMA}"|{SCHEMA})\.(?="?(?:{names})(?!\w))', re.IGNORECASE
        )

    def of(self, piece: Piece) -> Piece:
        metadata = {k: self._in(v) if k in SAID else v for k, v in piece.metadata.items()}
        return replace(piece, content=self._before.sub("", piece.content), metadata=metadata)

    def _in(self, value: object) -> object:
        if isinstance(value, str):
            return self._before.sub("", value)
        if isinstance(value, Mapping):
            return {k: self._in(v) for k, v in cast("Mapping[str, object]", value).items()}
        if isinstance(value, list | tuple):
            return [self._in(v) for v in cast("Sequence[object]", value)]
        return value
