"""A multipart upload read as it comes: its fields, and its file in chunks, with nothing kept."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from oryxforge.domain.errors import FieldError, Invalid, Unprocessable

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FIELD_LIMIT = 4_096
PARTS_LIMIT = 20


class Upload:
    """The parts of one request. `begin` reads up to the file, `chunks` the file and whatever follows it.

    `before` are the fields that came before the file, `on_end` gets all of them.
    """

    def __init__(
        self, content_type: str, body: AsyncIterator[bytes], on_end: Callable[[Mapping[str, str]], None]
    ) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise _malformed()
        self.before: Mapping[str, str] = {}
        self._fields: dict[str, str] = {}
        self.filename: str | None = None
        self._body = body
        self._on_end = on_end
        self._name = ""
        self._value = bytearray()
        self._in_file = False
        self._file: list[bytes] = []
        self._parts = 0
        self._ended = False
        self._header, self._header_value = bytearray(), bytearray()
        self._disposition = ""
        try:
            self._parser = MultipartParser(boundary, self._callbacks())
        except FormParserError as error:
            raise _malformed() from error

    async def begin(self) -> str:
        """Reads up to the file; its name. Raises Unprocessable where there is none."""
        while self.filename is None and await self._read():
            pass
        if self.filename is None:
            if not self._ended:
                raise _malformed()
            raise Unprocessable(
                "There is no file in the request. Send it as the field `file`.",
                code="file_missing",
                errors=[FieldError("file", "Field required")],
            )
        return self.filename

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes; ends after the last part, with `on_end` called. Raises Invalid where the body was cut."""
        while True:
            ready, self._file = self._file, []
            for piece in ready:
                yield piece
            if not await self._read():
                break
        for piece in self._file:
            yield piece
        if not self._ended:
            raise Invalid("The upload was cut off before its end. Send the file again.", code="upload_cut")
        self._on_end(self._fields)

    async def _read(self) -> bool:
        """Takes in the next bytes; False where there are none."""
        chunk = await anext(self._body, None)
        if chunk is None:
            return False
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _malformed() from error
        return True

    def _callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_name_grows,
            "on_header_value": self._header_value_grows,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._part_ends,
            "on_end": self._all_ends,
        }

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > PARTS_LIMIT:
            raise Invalid("An upload has one file and a few fields; this has more.", code="upload_malformed")
        self._name, self._disposition = "", ""
        self._value.clear()

    def _header_name_grows(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value_grows(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _header_ends(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            self._disposition = self._header_value.decode("latin-1")
        self._header.clear()
        self._header_value.clear()

    def _headers_end(self) -> None:
        options = parse_options_header(self._disposition)[1]
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        filename = options.get(b"filename")
        self._in_file = filename is not None
        if filename is None:
            return
        if self._name != "file" or self.filename is not None:
            raise Unprocessable(
                "Send one file in a request, as the field `file`.",
                code="file_unexpected",
                errors=[FieldError(self._name[:50], "One file, named `file`")],
            )
        self.filename = _unescaped(filename.decode("utf-8", "replace"))
        self.before = dict(self._fields)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._file.append(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > FIELD_LIMIT:
            raise Invalid("A field of the upload is too long.", code="upload_malformed")

    def _part_ends(self) -> None:
        if not self._in_file:
            self._fields[self._name] = self._value.decode("utf-8", "replace")

    def _all_ends(self) -> None:
        self._ended = True


def _unescaped(filename: str) -> str:
    """Browsers write these three characters so, and no others (HTML, multipart/form-data encoding algorithm)."""
    return filename.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


def _malformed() -> Invalid:
    return Invalid(
        "The upload is no well-formed multipart/form-data. Send the fields `project_id` and `file`.",
        code="upload_malformed",
    )
