"""What every ModelVault keeps, and gives back."""

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oryxforge.adapters.memory.model_vault import MemoryModelVault
from oryxforge.adapters.supabase.model_vault import FileModelVault
from oryxforge.domain.models import ModelAccess, Provider
from oryxforge.ports.models import ModelVault

KEY = ModelAccess(Provider.ANTHROPIC, "sk-ant-0123456789", saved_at=datetime(2026, 11, 24, tzinfo=UTC))
LOCAL = ModelAccess(Provider.ENDPOINT, "", "qwen3:8b", "http://127.0.0.1:11434")


@pytest.fixture(params=["memory", "file"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> ModelVault:
    return MemoryModelVault() if request.param == "memory" else FileModelVault(tmp_path / "s" / "model.json")


async def test_what_is_saved_is_read_until_it_is_removed(vault: ModelVault) -> None:
    assert vault.read() is None
    await vault.save(KEY)
    assert vault.read() == KEY
    await vault.save(LOCAL)
    assert vault.read() == LOCAL
    await vault.remove()
    await vault.remove()
    assert vault.read() is None


async def test_another_process_sees_the_change(tmp_path: Path) -> None:
    api, worker = FileModelVault(tmp_path / "model.json"), FileModelVault(tmp_path / "model.json")
    assert worker.read() is None
    await api.save(KEY)
    assert worker.read() == KEY
    await api.save(replace(KEY, secret="sk-ant-9876543210"))
    assert worker.read() != KEY


async def test_only_the_owner_of_the_file_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "model.json"
    await FileModelVault(path).save(KEY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_secret_shows_in_no_print() -> None:
    assert KEY.secret not in repr(KEY)
