"""An answer as text and as JSON."""

import json

import pytest

from oryxforge.cli.answers import AnswerPrinter
from oryxforge.cli.output import Output

TABLE = {"headers": ["region", "total"], "types": ["VARCHAR", "BIGINT"], "data": [["North", 3]], "total": 1}
ARTIFACT = {
    "type": "table",
    "title": "By region",
    "table": TABLE,
    "provenance": {"language": "sql", "code": "select 1"},
}


def test_text_and_tables_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    printer = AnswerPrinter(Output(False))
    printer.piece("text", "North leads", {})
    printer.piece("artifact", "", ARTIFACT)
    printer.end()
    said = capsys.readouterr().out
    assert said.startswith("North leads\n")
    assert "region" in said
    assert "North" in said


def test_json_gathers_everything_and_prints_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    printer = AnswerPrinter(Output(True))
    printer.piece("notice", "", {"code": "reading", "text": "sum of amount by region"})
    printer.piece("text", "North ", {})
    printer.piece("text", "leads", {})
    printer.piece("artifact", "", ARTIFACT)
    printer.piece("artifact", "", {"type": "chart", "chart": {"data": [], "layout": {}}})
    printer.end()
    assert capsys.readouterr().out == ""
    told = printer.collected.to_json("quick", 0.0, 12)
    assert told["answer"] == "North leads"
    assert told["reading"] == "sum of amount by region"
    assert told["sql"] == "select 1"
    assert told["charts"] == [{"data": [], "layout": {}}]
    assert json.loads(json.dumps(told))["tables"][0]["data"] == [["North", 3]]


def test_an_attempt_that_starts_again_takes_back_what_was_said() -> None:
    printer = AnswerPrinter(Output(True))
    printer.piece("text", "half an ans", {})
    printer.piece("notice", "", {"code": "attempt_restarted", "text": "again"})
    printer.piece("text", "whole answer", {})
    assert printer.collected.to_json("quick", 0, 0)["answer"] == "whole answer"


def test_what_a_terminal_would_obey_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    printer = AnswerPrinter(Output(False))
    printer.piece("text", "a\x1b]0;evil\x07b", {})
    printer.end()
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\x07" not in said
