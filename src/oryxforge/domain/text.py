"""Text and JSON values that every store takes, whatever an agent or a file brought along."""

from collections.abc import Mapping

LEAST, LARGEST = -(2**63), 2**64 - 1


def clean_text(text: str) -> str:
    """The text with U+FFFD for NUL and for halves of surrogate pairs; two halves side by side become their character."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "\ufffd")


def clean_json(value: Mapping[str, object]) -> dict[str, object]:
    """A JSON object with clean text throughout, and integers beyond 64 bits as text."""
    return {clean_text(str(key)): _clean(inner) for key, inner in value.items()}


def _clean(value: object) -> object:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return clean_json(value)
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    if isinstance(value, int) and not LEAST <= value <= LARGEST:
        return str(value)
    return value
