"""Where statements end."""

import pytest

from oryxforge.adapters.postgres.statements import same_text, split_statements


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("", []),
        (";;\n ;", []),
        ("select 1; select 2", ["select 1", "select 2"]),
        ("select ';''; '; select \"a;b\";", ["select ';''; '", 'select "a;b"']),
        (r"select E'\';'; select '\'; select 3", [r"select E'\';'", r"select '\'", "select 3"]),
        (
            "-- not; yet\nselect 1; /* nor /* here; */ now; */ select 2",
            ["-- not; yet\nselect 1", "/* nor /* here; */ now; */ select 2"],
        ),
        ("do $$ begin; end; $$; select 1", ["do $$ begin; end; $$", "select 1"]),
        ("do $a$ select $$;$$; $a$; select $1;", ["do $a$ select $$;$$; $a$", "select $1"]),
        (
            "create function f() returns int begin atomic select case when true then 1; end; select 2; end; select 3",
            [
                "create function f() returns int begin atomic select case when true then 1; end; select 2; end",
                "select 3",
            ],
        ),
        (
            "create rule r as on insert to t do (select 1; select 2); select 3",
            ["create rule r as on insert to t do (select 1; select 2)", "select 3"],
        ),
        ("begin; commit", ["begin", "commit"]),
    ],
)
def test_splits(script: str, statements: list[str]) -> None:
    assert split_statements(script) == statements
    assert same_text(script, statements)


def test_another_text_is_not_the_same() -> None:
    assert not same_text("select 1;", ["select 2"])
