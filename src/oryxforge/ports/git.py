"""A project's git repository on disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class Git(Protocol):
    """Blocking; call it in a thread. Raises Failed (code `git_failed`) with a sentence where the repository or remote refuses."""

    def is_repository(self, folder: Path) -> bool: ...

    def init(self, folder: Path, files: Mapping[str, str], author: str) -> str:
        """A new repository with these files committed; the commit's id."""
        ...

    def clone(self, url: str, folder: Path) -> str:
        """A clone of a remote into an empty or new folder; the head's commit id."""
        ...

    def commit(self, folder: Path, message: str, author: str) -> str | None:
        """Commits every change; its id, or None where there was none."""
        ...

    def push(self, folder: Path) -> None: ...
