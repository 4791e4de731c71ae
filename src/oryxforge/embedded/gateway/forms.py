"""A multipart form read as it comes: its fields, and its file in chunks, with nothing kept."""

from collections.abc import AsyncIterator, Callable, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

PARTS_LIMIT = 20


class FormFault(Enum):
    """What can be wrong with a form; `UNEXPECTED` is a second file."""

    MALFORMED = auto()
    MISSING = auto()
    UNEXPECTED = auto()
    CUT = auto()
    TOO_LONG = auto()


Refuse = Callable[[FormFault], Exception]


class StreamedForm:
    """`begin` reads up to the file, `chunks` the file and whatever follows it.

    `fields` are those read so far, at most `fields_limit` bytes with all headers, `before` those that came before the
    file; `refuse` makes the error of a fault.
    """

    def __init__(
        self, content_type: str, body: AsyncIterator[bytes], fields_limit: int, refuse: Refuse
    ) -> None:
        self.fields: dict[str, str] = {}
        self.before: Mapping[str, str] = {}
        self.file_field: str | None = None
        self.filename = ""
        self.content_type: str | None = None
        self._body = body
        self._left = fields_limit
        self._refuse = refuse
        self._headers: dict[bytes, bytes] = {}
        self._header, self._header_value = bytearray(), bytearray()
        self._name, self._value = "", bytearray()
        self._in_file = self._ended = False
        self._file: list[bytes] = []
        self._parts = 0
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise refuse(FormFault.MALFORMED)
        try:
            self._parser = MultipartParser(boundary, self._callbacks())
        except FormParserError as error:
            raise refuse(FormFault.MALFORMED) from error

    async def begin(self) -> None:
        """Reads up to the file. Raises what `refuse` makes where there is none, or no form."""
        while self.file_field is None and await self._read():
            pass
        if self.file_field is None:
            raise self._refuse(FormFault.MISSING if self._ended else FormFault.MALFORMED)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes; ends after the last part. Raises what `refuse` makes where the body was cut."""
        while True:
            ready, self._file = self._file, []
            for piece in ready:
                yield piece
            if not await self._read():
                break
        for piece in self._file:
            yield piece
        if not self._ended:
            raise self._refuse(FormFault.CUT)

    async def _read(self) -> bool:
        """Takes in the next bytes; False where there are none."""
        chunk = await anext(self._body, None)
        if chunk is None:
            return False
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise self._refuse(FormFault.MALFORMED) from error
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
            raise self._refuse(FormFault.MALFORMED)
        self._headers.clear()
        self._value.clear()

    def _header_name_grows(self, data: bytes, start: int, end: int) -> None:
        self._keep(end - start)
        self._header += data[start:end]

    def _header_value_grows(self, data: bytes, start: int, end: int) -> None:
        self._keep(end - start)
        self._header_value += data[start:end]

    def _header_ends(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._header_value)
        self._header.clear()
        self._header_value.clear()

    def _headers_end(self) -> None:
        options = parse_options_header(self._headers.get(b"content-disposition"))[1]
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        filename = options.get(b"filename")
        self._in_file = filename is not None
        if filename is None:
            return
        if self.file_field is not None:
            raise self._refuse(FormFault.UNEXPECTED)
        self.file_field = self._name
        self.before = dict(self.fields)
        self.filename = _unescaped(filename.decode("utf-8", "replace"))
        self.content_type = self._headers.get(b"content-type", b"").decode("latin-1") or None

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._file.append(data[start:end])
            return
        self._keep(end - start)
        self._value += data[start:end]

    def _part_ends(self) -> None:
        if not self._in_file:
            self.fields[self._name] = self._value.decode("utf-8", "replace")

    def _all_ends(self) -> None:
        self._ended = True

    def _keep(self, more: int) -> None:
        self._left -= more
        if self._left < 0:
            raise self._refuse(FormFault.TOO_LONG)


def _unescaped(filename: str) -> str:
    """Browsers write these three characters so, and no others (HTML, multipart/form-data encoding algorithm)."""
    return filename.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
