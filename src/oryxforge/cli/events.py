"""Server-sent events, read line by line."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One event; `id` is that of the latest event that had one."""

    data: str
    name: str = "message"
    id: str = ""


def read_events(lines: Iterable[str]) -> Generator[Event]:
    """Events as they are complete; comments and unknown fields are passed over."""
    data: list[str] = []
    name, last_id = "", ""
    for line in lines:
        if not line:
            if data:
                yield Event("\n".join(data), name or "message", last_id)
            data, name = [], ""
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            name = value
        elif field == "id":
            last_id = value
