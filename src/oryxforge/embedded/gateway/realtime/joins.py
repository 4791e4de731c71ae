"""What a client asks for when it joins a channel."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from oryxforge.embedded.gateway.realtime.bindings import Wish

EVENTS = frozenset({"INSERT", "UPDATE", "DELETE", "*"})
WISHES_MOST = 100
PRESENCE_KEY_MOST = 255


class BadJoin(Exception):
    """A join that can't be served; `str()` is the reason that the client gets."""


@dataclass(frozen=True)
class Join:
    """The `config` of a join; `token` is the user's JWT or a key, None where none came."""

    token: str | None
    private: bool
    ack: bool
    to_self: bool
    presence: bool
    presence_key: str
    waits: bool
    wishes: tuple[Wish, ...]


def read_join(payload: dict[str, Any]) -> Join:
    """Raises BadJoin."""
    config = _object(payload.get("config"))
    broadcast, presence = _object(config.get("broadcast")), _object(config.get("presence"))
    wishes = config.get("postgres_changes") or []
    if not isinstance(wishes, list) or len(wishes) > WISHES_MOST:
        raise BadJoin(f"MalformedJoin: postgres_changes is a list of at most {WISHES_MOST}")
    token, key = payload.get("access_token"), presence.get("key")
    if isinstance(key, str) and len(key) > PRESENCE_KEY_MOST:
        raise BadJoin(f"MalformedJoin: a presence key has at most {PRESENCE_KEY_MOST} signs")
    return Join(
        token=token if isinstance(token, str) and token else None,
        private=config.get("private") is True,
        ack=broadcast.get("ack") is True,
        to_self=broadcast.get("self") is True,
        presence=presence.get("enabled", True) is True,
        presence_key=key if isinstance(key, str) and key else uuid4().hex,
        waits=_object(config.get("postgres_changes_options")).get("wait") is True,
        wishes=tuple(_wish(w) for w in wishes),
    )


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _wish(raw: object) -> Wish:
    if not isinstance(raw, dict):
        raise BadJoin("MalformedJoin: postgres_changes holds objects")
    texts: dict[str, str] = {}
    for name, default in (("event", "*"), ("schema", "public"), ("table", ""), ("filter", "")):
        value = raw.get(name)
        if value is not None and not isinstance(value, str):
            raise BadJoin(f"MalformedJoin: {name} is text")
        texts[name] = value or default
    event = texts["event"].upper()
    if event not in EVENTS:
        raise BadJoin("MalformedJoin: event is INSERT, UPDATE, DELETE or *")
    select = raw.get("select")
    if select is not None and not (isinstance(select, list) and all(isinstance(s, str) for s in select)):
        raise BadJoin("MalformedJoin: select is a list of columns")
    if texts["filter"] and texts["table"] in ("", "*"):
        raise BadJoin("MalformedJoin: a filter needs a table")
    return Wish(
        raw, event, texts["schema"], texts["table"], texts["filter"], tuple(select) if select else None
    )
