"""Rows of the stream in the places of a table that is ahead of it, or behind."""

from oryxforge.embedded.gateway.realtime.catalog import Column, Table
from oryxforge.embedded.gateway.realtime.layouts import Layouts, relaid
from oryxforge.embedded.gateway.realtime.pgoutput import UNCHANGED, Change, Relation

INT, TEXT = 23, 25


def table(*columns: tuple[str, int]) -> Table:
    made = [
        Column(name, "t", oid, "t", n, n == 0, frozenset(), None, False)
        for n, (name, oid) in enumerate(columns)
    ]
    return Table(1, "public", "t", False, tuple(made))


def fitted(change: Change, known: Table, *stream: tuple[str, int]) -> Change:
    layouts = Layouts()
    layouts.know(Relation(1, "public", "t", stream))
    layouts.fit(change, known)
    return change


def test_the_same_columns_stay_where_they_are() -> None:
    change = Change("INSERT", 1, [b"1", b"a"], None, 0)
    row = change.row
    fitted(change, table(("id", INT), ("a", TEXT)), ("id", INT), ("a", TEXT))
    assert change.row is row and not change.holes


def test_what_the_stream_has_not_is_left_out_and_what_the_table_has_not_goes() -> None:
    change = Change("UPDATE", 1, [b"gone", b"1", b"a"], [b"gone", b"1", b"b"], 0, whole=True)
    fitted(change, table(("id", INT), ("new", INT), ("a", TEXT)), ("gone", TEXT), ("id", INT), ("a", TEXT))
    assert change.row == [b"1", UNCHANGED, b"a"] and change.old == [b"1", UNCHANGED, b"b"]
    assert change.holes


def test_a_column_of_another_type_is_another_column() -> None:
    change = Change("INSERT", 1, [b"1", b"a"], None, 0)
    fitted(change, table(("id", INT), ("a", INT)), ("id", INT), ("a", TEXT))
    assert change.row == [b"1", UNCHANGED]


def test_a_deleted_row_has_no_holes_to_fill() -> None:
    row = [b"1"]
    change = Change("DELETE", 1, row, row, 0)  # pyright: ignore[reportArgumentType]
    fitted(change, table(("id", INT), ("double", INT)), ("id", INT))
    assert change.old is change.row and not change.holes


def test_a_row_follows_a_table_that_changed_meanwhile() -> None:
    change = Change("INSERT", 1, [b"1", b"a"], None, 0)
    relaid(change, table(("id", INT), ("a", TEXT)), table(("a", TEXT), ("id", INT)))
    assert change.row == [b"a", b"1"]
