"""Fixtures that every test may ask for."""

from fixtures.postgres import database, empty_database, make_database, postgres_server

__all__ = ["database", "empty_database", "make_database", "postgres_server"]
