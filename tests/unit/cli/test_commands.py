"""What is typed, as what it means."""

import pytest

from oryxforge.cli.client import JsonObject
from oryxforge.cli.data import parse_condition
from oryxforge.cli.errors import CODES, Usage
from oryxforge.cli.finding import pick
from oryxforge.cli.sources import selected_sheets, with_content
from oryxforge.domain.errors import Kind, NotFound


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("region=North", ("region", "eq", "North")),
        ("amount>=10", ("amount", "gte", "10")),
        ("a != b=c", ("a", "ne", "b=c")),
        ("name~bean", ("name", "contains", "bean")),
        ("note=", ("note", "eq", "")),
    ],
)
def test_a_condition(typed: str, meant: tuple[str, str, str]) -> None:
    assert parse_condition(typed) == dict(zip(("column", "op", "value"), meant, strict=True))


def test_null_is_a_condition_of_its_own() -> None:
    assert parse_condition("note=null") == {"column": "note", "op": "is_null"}
    assert parse_condition("note!=NULL") == {"column": "note", "op": "not_null"}


@pytest.mark.parametrize("typed", ["region", "=x", ""])
def test_no_condition(typed: str) -> None:
    with pytest.raises(Usage):
        parse_condition(typed)


def test_the_only_sheet_is_called_as_the_file() -> None:
    assert selected_sheets(["data"], None, "sales.csv") == {"data": "sales.csv"}
    assert selected_sheets(["data"], ["Orders"], "sales.csv") == {"data": "Orders"}


def test_sheets_are_chosen_and_renamed() -> None:
    known = ["People", "Visits 2024"]
    assert selected_sheets(known, None, "book.xlsx") == {n: n for n in known}
    assert selected_sheets(known, ["People=Persons"], "book.xlsx") == {"People": "Persons"}
    with pytest.raises(Usage, match="Visits 2024"):
        selected_sheets(known, ["Nobody"], "book.xlsx")


def test_empty_sheets_are_left_out_unless_all_are() -> None:
    selected = {"Full": "Full", "Blank": "Blank"}
    previews: dict[str, JsonObject] = {"Full": {"headers": ["a"]}, "Blank": {"headers": []}}
    assert with_content(selected, previews) == {"Full": "Full"}
    assert with_content({"Blank": "B"}, previews) == {"Blank": "B"}


def test_things_are_found_by_any_of_their_names() -> None:
    found: list[JsonObject] = [
        {"id": "1", "address": "sales.Orders", "name": "Orders"},
        {"id": "2", "address": "old.Orders", "name": "Orders"},
    ]
    keys = ("id", "address", "name")
    assert pick(found, "2", keys, "sheet", "sheets list")["id"] == "2"
    assert pick(found, "SALES.orders", keys, "sheet", "sheets list")["id"] == "1"
    with pytest.raises(NotFound, match=r"sales\.Orders, old\.Orders"):
        pick(found, "Orders", keys, "sheet", "sheets list")
    with pytest.raises(NotFound, match="sheets list"):
        pick(found, "Nothing", keys, "sheet", "sheets list")


def test_exit_codes() -> None:
    assert CODES[Kind.NOT_FOUND] == 3
    assert CODES[Kind.NOT_ALLOWED] == CODES[Kind.UNAUTHENTICATED] == 4
