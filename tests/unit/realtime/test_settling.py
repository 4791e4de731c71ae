"""Whether a snapshot of Postgres sees a transaction that the log has told of."""

import pytest

from oryxforge.embedded.gateway.realtime.settling import is_seen


@pytest.mark.parametrize(
    ("transaction", "snapshot", "seen"),
    [
        (99, "100:105:", True),
        (100, "100:105:100", False),
        (101, "100:105:100,103", True),
        (103, "100:105:100,103", False),
        (105, "100:105:", False),
        (2**32 - 1, f"{2**32 + 5}:{2**32 + 9}:", True),
        (3, f"{2**32 + 5}:{2**32 + 9}:", True),
        (6, f"{2**32 + 5}:{2**32 + 9}:{2**32 + 6}", False),
        (2**32 - 2, f"{2**32 - 5}:{2**32 + 9}:{2**32 - 2}", False),
    ],
)
def test_seen(transaction: int, snapshot: str, seen: bool) -> None:
    assert is_seen(transaction, snapshot) is seen
