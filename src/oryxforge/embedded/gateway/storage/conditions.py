"""Conditional requests (RFC 9110, 13): what a reader has, or means, against what is there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from oryxforge.embedded.gateway.storage.faults import Fault


def is_unchanged(headers: Mapping[str, str], etag: str, changed: datetime) -> bool:
    """Whether the reader has it already (304). Raises Fault PreconditionFailed where another version was meant."""
    changed = changed.replace(microsecond=0)
    meant, since = headers.get("if-match"), _date(headers.get("if-unmodified-since"))
    if not _names(meant, etag) if meant is not None else since is not None and changed > since:
        raise Fault(412, "PreconditionFailed", "The object is not the version that the request is about")
    had, since = headers.get("if-none-match"), _date(headers.get("if-modified-since"))
    if had is not None:
        return _names(had.replace("W/", ""), etag)
    return since is not None and changed <= since


def _names(tags: str, etag: str) -> bool:
    return tags.strip() == "*" or etag in (tag.strip() for tag in tags.split(","))


def _date(header: str | None) -> datetime | None:
    """None where there is none, or none that can be read: such a condition doesn't count."""
    try:
        found = parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
