"""Fixtures that every test may ask for."""

import os

from fixtures.postgres import database, empty_database, make_database, postgres_server

__all__ = ["database", "empty_database", "make_database", "postgres_server"]

_SET_UP = ("ANTHROPIC_", "CLAUDE_", "DATABASE_", "ORYXFORGE_", "PG", "SUPABASE_")
_KEPT = ("ORYXFORGE_NO_BROWSER", "ORYXFORGE_TEST_SCALE")


def pytest_configure() -> None:
    """Forgets how OryxForge is set up where the tests run, so that none goes to somebody's own database or model."""
    for name in list(os.environ):
        if name.startswith(_SET_UP) and name not in _KEPT:
            del os.environ[name]
