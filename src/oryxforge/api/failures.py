"""Work that failed in the background, as the error that it would have been here."""

from collections.abc import Mapping

from oryxforge.domain.errors import Kind, OryxError

OWN = frozenset({"kind", "code", "detail"})


def failed(error: Mapping[str, object] | None, extra: Mapping[str, object] | None = None) -> OryxError:
    """The error that a run ended with."""
    said = error or {}
    more = {k: v for k, v in said.items() if k not in OWN} | dict(extra or {})
    raised = OryxError(
        str(said.get("detail") or "The work failed; it was logged. Try again."),
        code=str(said.get("code") or "failed"),
        extra=more,
    )
    kind = said.get("kind")
    raised.kind = Kind(kind) if kind in list(Kind) else Kind.FAILED
    return raised
