"""Who acts: the first argument of every service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

SCRIPT_CLAIM = "token_id"


class Role(StrEnum):
    """A member's role in a project, from least to most."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"

    def covers(self, needed: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)


def _no_claims() -> Mapping[str, object]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Actor:
    """A user and what their token said; `request_id` ties the log lines of one request together."""

    user_id: UUID
    email: str | None = None
    request_id: str = ""
    claims: Mapping[str, object] = field(default_factory=_no_claims)

    @property
    def by_token(self) -> bool:
        """Whether a script acts, by a token that its person made for it."""
        return SCRIPT_CLAIM in self.claims

    def jwt_claims(self) -> dict[str, object]:
        """The claims that row-level security reads; rebuilt from the user where no token is at hand."""
        return {**self.claims, "sub": str(self.user_id), "role": "authenticated"}
