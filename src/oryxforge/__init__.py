"""OryxForge: a self-hostable data analyst."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oryxforge.notebook.agent import ClaudeAgent
    from oryxforge.notebook.context import Connection, ProjectContext
    from oryxforge.notebook.io import IOService
    from oryxforge.notebook.projects import ProjectService

__version__ = "0.1.0"
__all__ = ["ClaudeAgent", "Connection", "IOService", "ProjectContext", "ProjectService", "__version__"]

# Loaded when asked for: the command line must not wait for what a notebook needs.
_HOMES = {
    "ClaudeAgent": "oryxforge.notebook.agent",
    "Connection": "oryxforge.notebook.context",
    "IOService": "oryxforge.notebook.io",
    "ProjectContext": "oryxforge.notebook.context",
    "ProjectService": "oryxforge.notebook.projects",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'oryxforge' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
