"""Which host names are this machine's own; every kind of error has a status."""

import pytest

from oryxforge.api.errors import STATUS
from oryxforge.api.failures import failed
from oryxforge.api.limits import is_loopback
from oryxforge.domain.errors import Kind


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_our_own(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "::", "10.0.0.1", "127.0.0.1.evil.example", "localhost.evil.example", "127.1"]
)
def test_not_our_own(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_status(kind: Kind) -> None:
    assert 400 <= STATUS[kind] < 600


def test_a_failed_run_is_the_error_that_it_was() -> None:
    error = failed(
        {"kind": "conflict", "code": "sheet_exists", "detail": "There is one.", "datasheet_id": "x"}
    )
    assert (error.kind, error.code, error.detail) == (Kind.CONFLICT, "sheet_exists", "There is one.")
    assert error.extra == {"datasheet_id": "x"}
    assert failed(None).kind is Kind.FAILED
    assert failed({"kind": "unheard of"}).kind is Kind.FAILED
