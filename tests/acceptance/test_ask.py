"""`oryxforge ask`: files, a question, no server."""

import json
import subprocess
import tempfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from acceptance.programs import COMMAND, environment, oryxforge
from oryxforge.cli.main import run

SALES = "region,amount\nNorth,10\nSouth,20\nNorth,5\nEast,1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sales.csv").write_text(SALES)
    return tmp_path


def test_the_golden_path(folder: Path) -> None:
    done = oryxforge("ask", "sales.csv", "total amount by region", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) >= {"agent", "answer", "reading", "tables", "charts", "sql", "cost", "duration"}
    assert told["agent"] == "quick"
    assert told["cost"] == 0
    assert told["reading"]
    assert "main" not in told["reading"] + told["sql"]
    assert sorted(row[:2] for row in told["tables"][0]["data"]) == [["East", 1], ["North", 15], ["South", 20]]
    assert "sum" in told["sql"].lower()
    assert sorted(p.name for p in folder.iterdir()) == ["sales.csv"]


def test_it_is_readable_without_json(folder: Path) -> None:
    done = oryxforge("ask", "sales.csv", "total amount by region", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "North" in done.stdout
    assert "15" in done.stdout
    assert "\x1b[" not in done.stdout + done.stderr


def test_each_file_is_a_table_in_sql(folder: Path) -> None:
    (folder / "people.csv").write_text("region,boss\nNorth,Ada\nSouth,Ben\n")
    sql = "select boss, sum(amount) total from sales join people using (region) group by boss order by boss"
    done = oryxforge("ask", "sales.csv", "people.csv", sql, "--json", cwd=folder)
    assert json.loads(done.stdout)["tables"][0]["data"] == [["Ada", 15], ["Ben", 20]]


def test_every_sheet_of_a_workbook_is_a_table(folder: Path) -> None:
    book = Workbook()
    for title in ("People", "Visits 2024"):
        sheet = book.create_sheet(title)
        sheet.append(["n"])
        sheet.append([len(title)])
    book["Sheet"].title = "Blank"
    book.save(folder / "clinic.xlsx")
    sql = "select (select n from clinic_People) + (select n from clinic_Visits_2024) as n"
    done = oryxforge("ask", "clinic.xlsx", sql, "--json", cwd=folder)
    assert json.loads(done.stdout)["tables"][0]["data"] == [[17]], done.stderr


def test_charts_are_saved(folder: Path) -> None:
    done = oryxforge("ask", "sales.csv", "total amount by region", "--save", "out", "--json", cwd=folder)
    told = json.loads(done.stdout)
    assert told["charts"]
    assert json.loads((folder / "out" / "chart-1.json").read_text()) == told["charts"][0]
    assert "Plotly.newPlot" in (folder / "out" / "chart-1.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nothing.csv", "total amount"], 3, "nothing.csv"),
        (["sales.csv"], 2, "total amount by region"),
        (["sales.csv", "x", "--agent", "claude"], 1, "oryxforge config model"),
        (["sales.csv", "x", "--agent", "nobody"], 2, "quick"),
        (["broken.xlsx", "x"], 1, "broken.xlsx"),
        (["sales.csv", "x", "--nonsense"], 2, "--nonsense"),
    ],
)
def test_what_goes_wrong_is_one_clear_line(
    folder: Path,
    arguments: list[str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    monkeypatch.chdir(folder)
    assert run(["ask", *arguments]) == code
    told = capsys.readouterr()
    assert said in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert run(["ask", *arguments, "--json"]) == code
    problem = json.loads(capsys.readouterr().err)
    assert problem["detail"]
    assert problem["code"]


def test_nothing_is_left_behind(folder: Path) -> None:
    env = {"TMPDIR": str(folder / "tmp")}
    (folder / "tmp").mkdir()
    oryxforge("ask", "sales.csv", "describe sales", cwd=folder, env=env)
    assert list((folder / "tmp").iterdir()) == []
    assert not Path(tempfile.gettempdir(), "oryxforge-ask").exists()


def test_a_closed_pipe_is_quiet(folder: Path) -> None:
    command = " ".join([*COMMAND, "ask", "sales.csv", "'select * from range(200000)'", "--json"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} | head -c 10"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert len(done.stdout) == 10


@pytest.mark.parametrize(
    ("words", "offered"), [("oryxforge pro", "projects"), ("oryxforge projects cr", "create")]
)
def test_completion_offers_commands(words: str, offered: str) -> None:
    env = {"_ORYXFORGE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    assert offered in oryxforge(env=env).stdout.split()
