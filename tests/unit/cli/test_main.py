"""The command line itself: help, typos, exit codes, one clear line for an error."""

import json
import time

import pytest

from oryxforge.cli.main import COMMANDS, run


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert "Commands:" in capsys.readouterr().err


def test_a_typo_suggests_the_nearest_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prjects"]) == 2
    assert "Did you mean 'projects'?" in capsys.readouterr().err


def test_a_typo_in_a_sub_command_does_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["projects", "lst"]) == 2
    assert "'list'" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_json_and_names_its_variables(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([name, "--help"]) == 0
    shown = capsys.readouterr().out
    if "Commands:" in shown:
        for line in shown.split("Commands:")[1].strip().splitlines():
            child = line.split()[0]
            if child != "members":
                assert run([name, child, "--help"]) == 0
                assert "ORYXFORGE_JSON" in capsys.readouterr().out
    else:
        assert "ORYXFORGE_JSON" in shown


def test_an_error_with_json_is_a_problem_on_stderr(
    capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    assert run(["projects", "list", "--json", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert json.loads(said.err)["code"] == "not_running"


def test_an_option_comes_from_its_variable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("ORYXFORGE_DATA", f"{tmp_path}/elsewhere")
    assert run(["projects", "list"]) == 1
    assert f"{tmp_path}/elsewhere" in capsys.readouterr().err


def test_a_wrong_setting_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORYXFORGE_UPLOAD_LIMIT_MB", "much")
    assert run(["config", "show"]) == 1
    assert "UPLOAD_LIMIT_MB" in capsys.readouterr().err


def test_debug_shows_the_trace(capsys: pytest.CaptureFixture[str], tmp_path: object) -> None:
    assert run(["projects", "list", "--debug", "--data", str(tmp_path)]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_config_hides_secrets(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-very-secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://oryxforge_api:hush@db.example/app")
    assert run(["config", "show", "--json"]) == 0
    shown = capsys.readouterr().out
    assert "secret" not in json.loads(shown)["anthropic_api_key"]
    assert json.loads(shown)["database_url"] == "postgresql://oryxforge_api@db.example/app"
    assert "hush" not in shown


def test_help_is_quick() -> None:
    began = time.process_time()
    assert run(["--help"]) == 0
    assert time.process_time() - began < 0.3
