"""Files that hold secrets of an install: JSON, written whole, read by their owner alone."""

import json
import os
from pathlib import Path


def write_secrets(path: Path, content: object) -> None:
    """Puts the file in place of what is there."""
    _written(path, content).replace(path)


def create_secrets(path: Path, content: object) -> None:
    """Makes the file unless it is there: of two processes that make it at once, one wins."""
    temporary = _written(path, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _written(path: Path, content: object) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    return temporary
