"""What makes no sense as it was typed ends with 2; what is shown has no secret in it."""

import json
from pathlib import Path
from typing import cast

import pytest

from oryxforge.cli.client import JsonObject
from oryxforge.cli.main import run

LOGIN = "ada:hunter2"


def test_an_agent_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "sales.csv", "x", "--agent", "foo"]) == 2
    assert "claude and quick" in capsys.readouterr().err


def test_an_address_that_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["users", "create", "notanemail", "--data", str(tmp_path)]) == 2
    assert "no e-mail address" in capsys.readouterr().err


@pytest.mark.parametrize(("named", "code"), [("bad", 2), ("sales.Nothing", 3), ("Orders", 0)])
def test_a_sheet_that_is_none(
    named: str,
    code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def get(_: object, path: str, **__: object) -> JsonObject:
        sheet = {"id": "1", "address": "sales.Orders", "name": "Orders", "name_python": "Orders"}
        return cast(
            "JsonObject", {"/projects": {"projects": [{"id": "p"}]}, "/sheets": {"sheets": [sheet]}}[path]
        )

    def post(*_: object, **__: object) -> JsonObject:
        return {"headers": [], "data": []}

    monkeypatch.setattr("oryxforge.cli.client.Client.get", get)
    monkeypatch.setattr("oryxforge.cli.client.Client.post", post)
    assert run(["data", "head", named, "--url", "http://127.0.0.1:9", "--token", "t"]) == code
    assert code == 0 or "sheet" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["ANTHROPIC_BASE_URL", "ORYXFORGE_LLM_BASE_URL"])
def test_config_shows_no_password(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, f"http://{LOGIN}@models.example:8080/v1?key=hunter2")
    assert run(["config", "show", "--json", "--data", str(tmp_path)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown[name.lower().removeprefix("oryxforge_")] == "http://…@models.example:8080/v1?…"
    assert "hunter2" not in json.dumps(shown)
