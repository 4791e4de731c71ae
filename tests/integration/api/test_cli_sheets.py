"""Sheets and their rows on the command line, over the running product."""

import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from integration.api.conftest import Command, Team
from integration.api.test_path import import_body, upload

CSV = b"region,amount,note\nNorth,1.5,=1+1\nSouth,2.5,plain\nNorth,,a bean\n"
ADDRESS = "sales.Orders"


@pytest.fixture
async def sheet(team: Team) -> str:
    """The id of `sales.Orders`."""
    client = team.owner.client
    source = await upload(client, team.project, "orders.csv", CSV)
    answer = await client.post("/files/import", json=import_body(team.project, source, {"data": "Orders"}))
    assert answer.status_code == 200, answer.text
    return answer.json()["datasheet_ids"]["Orders"]


@pytest.mark.usefixtures("sheet")
async def test_all_rows_go_into_a_file_of_the_kind_that_is_said(command: Command, tmp_path: Path) -> None:
    book, table, texts = tmp_path / "orders.XLSX", tmp_path / "orders.parquet", tmp_path / "orders.txt"
    for file in (book, table):
        code, out, err = command("data", "export", ADDRESS, str(file), "--json")
        told = {"file": str(file), "rows": 3, "bytes": file.stat().st_size}
        assert (code, json.loads(out)) == (0, told), err
    rows = openpyxl.load_workbook(book).active
    assert rows is not None
    assert next(rows.iter_rows(min_row=2, values_only=True)) == ("North", 1.5, "=1+1")
    assert pl.read_parquet(table)["note"].to_list() == ["=1+1", "plain", "a bean"]

    code, out, err = command("data", "export", ADDRESS, str(texts), "--format", "csv")
    assert (code, out) == (0, f"Wrote 3 rows to {texts}.\n"), err
    assert texts.read_text("utf-8-sig").splitlines()[1] == "North,1.5,'=1+1"
    assert sorted(tmp_path.iterdir()) == sorted((book, table, texts))


@pytest.mark.usefixtures("sheet")
async def test_a_file_has_what_was_asked_for_in_its_order(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("older")
    view = ("--where", "region=North", "--search", "1", "--column", "amount", "--column", "region")
    code, _, err = command("data", "export", ADDRESS, str(file), *view)
    assert (code, file.read_text("utf-8-sig")) == (0, "amount,region\n1.5,North\n"), err
    code, _, err = command("data", "export", ADDRESS, str(file), "--sort=-amount", "--column", "amount")
    assert (code, file.read_text("utf-8-sig").splitlines()[:2]) == (0, ["amount", "2.5"]), err

    code, out, err = command("data", "query", ADDRESS, "--search", "bean", "--json")
    assert (code, json.loads(out)["data"]) == (0, [["North", None, "a bean"]]), err


@pytest.mark.usefixtures("sheet")
async def test_what_can_not_be_exported_leaves_nothing(command: Command, tmp_path: Path) -> None:
    for name, more, code, said in (
        ("rows.pdf", (), 2, "--format"),
        (".", ("--format", "csv"), 2, "is a folder"),
        ("rows.csv", ("--column", "nowhere"), 1, "nowhere"),
    ):
        found, out, err = command("data", "export", ADDRESS, str(tmp_path / name), *more)
        assert (found, out, said in err) == (code, "", True), err
    assert not list(tmp_path.iterdir())


async def test_rows_of_an_older_version(command: Command, sheet: str, team: Team, tmp_path: Path) -> None:
    newer = await upload(team.owner.client, team.project, "later.csv", b"region,amount,note\nEast,9,new\n")
    body = import_body(team.project, newer, {"data": "Orders"}, createNewDataset=False, newVersions=True)
    answer = await team.owner.client.post("/files/import", json=body)
    assert answer.json()["datasheet_ids"] == {"Orders": sheet}, answer.text
    file = tmp_path / "orders.csv"
    older = ("--version", "1", "--where", "region=South")
    assert json.loads(command("data", "query", ADDRESS, "--json")[1])["data"] == [["East", 9, "new"]]
    code, out, err = command("data", "query", ADDRESS, "--json", *older)
    assert (code, json.loads(out)["data"]) == (0, [["South", 2.5, "plain"]]), err
    code, _, err = command("data", "export", ADDRESS, str(file), *older)
    assert (code, file.read_text("utf-8-sig").splitlines()[1:]) == (0, ["South,2.5,plain"]), err
    for asked in (("query", ADDRESS), ("export", ADDRESS, str(tmp_path / "none.csv"))):
        code, _, err = command("data", *asked, "--version", "7")
        assert (code, "sales.Orders has no version 7; the last one is 2." in err) == (3, True), err
    assert list(tmp_path.iterdir()) == [file]


async def test_a_sheet_moves_and_a_dataset_comes_back_with_it(command: Command, sheet: str) -> None:
    assert command("datasets", "create", "Archive")[0] == 0
    code, out, err = command("sheets", "move", ADDRESS, "archive")
    assert (code, out) == (0, "sales.Orders is archive.Orders now.\n"), err
    code, _, err = command("sheets", "move", "archive.Orders", "nowhere")
    assert (code, "nowhere" in err) == (3, True), err
    assert command("sheets", "list", "--deleted")[2] == "Nothing is deleted.\n"

    deleted = json.loads(command("datasets", "delete", "Archive", "--yes", "--json")[1])
    assert json.loads(command("sheets", "list", "--json")[1]) == []
    [gone] = json.loads(command("sheets", "list", "--deleted", "--json")[1])
    assert (gone["id"], gone["address"]) == (sheet, "archive.Orders")
    assert gone["kept_until"] in command("sheets", "list", "--deleted")[1]
    [archive] = json.loads(command("datasets", "list", "--deleted", "--json")[1])
    assert (archive["id"], archive["name"]) == (deleted["id"], "Archive")
    assert archive["kept_until"] in command("datasets", "list", "--deleted")[1]

    code, out, err = command("datasets", "restore", deleted["id"])
    assert (code, out) == (0, "The dataset Archive is back.\n"), err
    assert json.loads(command("sheets", "list", "--deleted", "--json")[1]) == []
    assert command("datasets", "list", "--deleted")[2] == "Nothing is deleted.\n"
    assert [s["id"] for s in json.loads(command("sheets", "list", "--json")[1])] == [sheet]
