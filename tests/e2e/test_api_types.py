"""The page's types are those of the API."""

import runpy
import subprocess
from pathlib import Path

from e2e.conftest import ROOT


def test_the_types_are_written_anew(built_page: Path, tmp_path: Path) -> None:
    page = runpy.run_path(str(ROOT / "scripts" / "build_page.py"))
    described, types = tmp_path / "openapi.json", tmp_path / "api-schema.ts"
    described.write_text(runpy.run_path(str(ROOT / "scripts" / "openapi.py"))["description"]())
    node = page["find_node"]()[0] / "node"
    script = ROOT / "web" / "scripts" / "api-types.mjs"
    subprocess.run([node, script, described, types], check=True, cwd=ROOT / "web")
    kept = ROOT / "web" / "lib" / "api-schema.ts"
    assert types.read_text() == kept.read_text(), "the API changed: cd web && npm run api-types"
