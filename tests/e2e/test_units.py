"""The page's own tests and types, where its packages are installed."""

import runpy
import subprocess
from pathlib import Path

import pytest

from e2e.conftest import ROOT

WEB = ROOT / "web"
TOOLS = {"vitest": ("vitest/vitest.mjs", "run"), "types": ("typescript/bin/tsc", "--noEmit")}


@pytest.mark.parametrize("tool", TOOLS)
def test_of_the_page(built_page: Path, tool: str) -> None:
    node = runpy.run_path(str(ROOT / "scripts" / "build_page.py"))["find_node"]()[0] / "node"
    program, argument = TOOLS[tool]
    ran = subprocess.run(
        [node, WEB / "node_modules" / program, argument], cwd=WEB, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
