"""`oryxforge config model`: the key by stdin, tried, kept, forgotten."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from oryxforge.cli.main import run
from stubs.messages_api import Fault, MessagesStub, in_thread

KEY = "sk-local-0123456789"


@pytest.fixture
def stub() -> Iterator[MessagesStub]:
    with in_thread() as served:
        yield served


def config(monkeypatch: pytest.MonkeyPatch, data: Path, *more: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
    return run(["config", "model", "--data", str(data), "--json", *more])


def test_a_model_is_tried_and_kept(
    stub: MessagesStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint = ("--base-url", stub.url, "--model", "qwen3:8b")
    assert config(monkeypatch, tmp_path, *endpoint) == 0
    said = capsys.readouterr().out
    assert KEY not in said
    assert json.loads(said)["last_four"] == "6789"
    assert json.loads((tmp_path / "secrets" / "model.json").read_text())["secret"] == KEY
    assert config(monkeypatch, tmp_path, "--remove") == 0
    assert not (tmp_path / "secrets" / "model.json").exists()


def test_one_that_is_refused_is_not_kept(
    stub: MessagesStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.script(Fault(401, "authentication_error"))
    assert config(monkeypatch, tmp_path, "--base-url", stub.url, "--model", "qwen3:8b") == 1
    assert "refused the key" in capsys.readouterr().err
    assert not (tmp_path / "secrets" / "model.json").exists()
