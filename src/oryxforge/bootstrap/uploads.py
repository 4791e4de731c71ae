"""Resumable uploads that become data sources: the same server as under storage, with another destination."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from oryxforge.domain.errors import FieldError, Unprocessable
from oryxforge.domain.identity import Actor
from oryxforge.embedded.gateway.storage.tus import Tus
from oryxforge.embedded.gateway.storage.tus_files import Upload
from oryxforge.services.sources import Sources
from oryxforge.settings import Settings

MEGABYTE = 1_000_000
SourceUploads = Tus[Actor]


class SourceDestination:
    """The upload's id becomes the source's."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def admit(self, who: Actor, upload: Upload) -> None:
        if not upload.metadata.get("filename"):
            raise _missing("filename", "Field required")
        await self._sources.may_upload(who, project_of(upload), upload.length)

    async def finish(self, who: Actor, upload: Upload, path: Path) -> Mapping[str, str]:
        project, name = project_of(upload), upload.metadata["filename"]
        source = await self._sources.adopt(who, project, UUID(upload.id), name, path)
        return {"source_id": str(source.id)}


def make_uploads(settings: Settings, sources: Sources) -> SourceUploads:
    limit = settings.upload_limit_mb * MEGABYTE
    return Tus(settings.data / "uploads" / "sources", SourceDestination(sources), limit)


def project_of(upload: Upload) -> UUID:
    """The project that an upload is for. Raises Unprocessable."""
    try:
        return UUID(upload.metadata.get("project_id", ""))
    except ValueError as error:
        raise _missing("project_id", "Input should be a valid UUID") from error


def _missing(key: str, msg: str) -> Unprocessable:
    return Unprocessable(
        "Upload-Metadata holds `project_id` and `filename`, each in base64.",
        code="metadata_missing",
        errors=[FieldError(f"Upload-Metadata.{key}", msg)],
    )
