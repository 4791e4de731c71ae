"""Reads what Postgres' pgoutput plugin writes (protocol version 1)."""

import struct
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["INSERT", "UPDATE", "DELETE"]

_BEGIN: Final = struct.Struct(">qqI")
_U32: Final = struct.Struct(">I")
_U16: Final = struct.Struct(">H")
_TEXT, _NULL, _UNCHANGED = ord("t"), ord("n"), ord("u")
_NEW, _KEY, _OLD = ord("N"), ord("K"), ord("O")
EPOCH_US = 946_684_800_000_000


class Unchanged:
    """The place of a value that Postgres leaves out: a large one that an UPDATE did not touch, a generated one."""


UNCHANGED: Final = Unchanged()
Value = bytes | None | Unchanged
Row = list[Value]


@dataclass(frozen=True, slots=True)
class Relation:
    """A table as the stream names it; columns in the order of its rows."""

    oid: int
    schema: str
    table: str
    columns: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Change:
    """One row of one committed transaction; `row` is the new one, or of a DELETE the old one.

    The old one has nulls beside its key, unless it is `whole`.
    """

    kind: Kind
    relation: int
    row: Row
    old: Row | None
    committed_us: int
    whole: bool = False
    # Whether the log left out values of the new row.
    holes: bool = False
    # What filters said of it, by the filter.
    told: dict[object, bool] | None = None

    @property
    def size(self) -> int:
        """The bytes of its values."""
        return sum(len(v) for v in self.row if isinstance(v, bytes))


class Malformed(Exception):
    """Bytes that are no pgoutput message."""


class Decoder:
    """Turns messages into changes and relations; holds the id and commit time of the transaction at hand."""

    def __init__(self) -> None:
        self._committed_us = 0
        self.transaction = 0

    def decode(self, data: bytes) -> Change | Relation | None:
        """None for what carries neither. Times are microseconds of the Unix epoch. Raises Malformed."""
        try:
            match data[:1]:
                case b"I":
                    return Change("INSERT", _oid(data), _row(data, 6)[0], None, self._committed_us)
                case b"U":
                    return self._update(data)
                case b"D":
                    row, _ = _row(data, 6)
                    return Change("DELETE", _oid(data), row, row, self._committed_us, data[5] == _OLD)
                case b"B":
                    _, committed, self.transaction = _BEGIN.unpack_from(data, 1)
                    self._committed_us = committed + EPOCH_US
                case b"R":
                    return _relation(data)
                case _:
                    return None
        except (IndexError, ValueError, struct.error) as error:
            raise Malformed(str(error)) from error
        return None

    def _update(self, data: bytes) -> Change:
        old, at = None, 5
        whole = data[at] == _OLD
        if data[at] in (_KEY, _OLD):
            old, at = _row(data, at + 1)
        if data[at] != _NEW:
            raise Malformed("an update without its row")
        row, _ = _row(data, at + 1)
        if old is not None:
            row = [
                o if isinstance(v, Unchanged) and o is not None else v for v, o in zip(row, old, strict=True)
            ]
        return Change("UPDATE", _oid(data), row, old, self._committed_us, whole, UNCHANGED in row)


def _oid(data: bytes) -> int:
    return int.from_bytes(data[1:5], "big")


def _row(data: bytes, at: int) -> tuple[Row, int]:
    count = int.from_bytes(data[at : at + 2], "big")
    at += 2
    row: Row = []
    for _ in range(count):
        kind = data[at]
        at += 1
        if kind == _TEXT:
            end = at + 4 + int.from_bytes(data[at : at + 4], "big")
            row.append(data[at + 4 : end])
            at = end
        elif kind == _NULL:
            row.append(None)
        elif kind == _UNCHANGED:
            row.append(UNCHANGED)
        else:
            raise Malformed(f"a value of kind {kind}")
    return row, at


def _relation(data: bytes) -> Relation:
    schema, at = _string(data, 5)
    table, at = _string(data, at)
    (count,) = _U16.unpack_from(data, at + 1)
    at += 3
    columns: list[tuple[str, int]] = []
    for _ in range(count):
        name, after = _string(data, at + 1)
        columns.append((name, _U32.unpack_from(data, after)[0]))
        at = after + 8
    return Relation(_oid(data), schema or "pg_catalog", table, tuple(columns))


def _string(data: bytes, at: int) -> tuple[str, int]:
    end = data.index(0, at)
    return data[at:end].decode(), end + 1
