"""All rows of a sheet into a file, as the server makes it."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from rich.progress import Progress

from oryxforge.cli.client import Client
from oryxforge.cli.errors import Usage
from oryxforge.domain.errors import Failed
from oryxforge.domain.exports import FileFormat


def format_of(file: Path) -> FileFormat:
    """What a file's ending says. Raises Usage for an ending that says nothing."""
    try:
        return FileFormat(file.suffix.lower().removeprefix("."))
    except ValueError:
        endings = ", ".join(f".{known}" for known in FileFormat)
        raise Usage(
            f"{file} ends in none of {endings}. Say which it is with --format.", code="format_unknown"
        ) from None


def save(client: Client, asked: Mapping[str, object], file: Path, progress: Progress) -> dict[str, object]:
    """Writes the file whole or not at all; how many rows and bytes.

    Raises Usage for a folder, Failed where the file can't be written, and what the server refuses with.
    """
    if file.is_dir():
        raise Usage(f"{file} is a folder. Name a file in it.", code="file_is_folder")
    draft = file.with_name(f".{file.name}.{token_hex(4)}.part")
    task = progress.add_task(file.name, total=None)
    size = 0
    try:
        with draft.open("xb") as out, client.download("/data/export", asked) as coming:
            progress.update(task, total=coming.size)
            for chunk in coming.chunks:
                size += out.write(chunk)
                progress.update(task, completed=size)
        draft.replace(file)
    except OSError as error:
        why = error.strerror or str(error)
        raise Failed(f"{file} can't be written: {why}. Name another place.", code="not_saved") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return {"rows": int(coming.headers["X-Total-Count"]), "bytes": size}
