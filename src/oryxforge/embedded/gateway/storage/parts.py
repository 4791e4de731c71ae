"""What every route of storage works with."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from oryxforge.embedded.gateway.callers import Caller, Callers
from oryxforge.embedded.gateway.storage.asked import caller_of
from oryxforge.embedded.gateway.storage.buckets import Buckets
from oryxforge.embedded.gateway.storage.content import Bytes
from oryxforge.embedded.gateway.storage.downloads import Downloads
from oryxforge.embedded.gateway.storage.listing import Listing
from oryxforge.embedded.gateway.storage.listing_v2 import ListingV2
from oryxforge.embedded.gateway.storage.objects import Objects
from oryxforge.embedded.gateway.storage.signing import Signer


@dataclass(frozen=True)
class StorageSettings:
    """`secret` signs URLs; `limit` is the most that an object may have, in bytes; `uploads` keeps unfinished ones."""

    secret: str
    limit: int
    uploads: Path


@dataclass(frozen=True)
class Desk:
    callers: Callers
    buckets: Buckets
    objects: Objects
    listing: Listing
    listing_v2: ListingV2
    content: Bytes
    downloads: Downloads
    signer: Signer

    async def caller(self, request: Request) -> Caller:
        return await caller_of(request, self.callers)
