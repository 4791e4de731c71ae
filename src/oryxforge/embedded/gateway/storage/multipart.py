"""A form as Supabase's clients send it: a few fields, then the file, read as it comes with nothing kept."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from oryxforge.embedded.gateway.storage.faults import Fault, invalid

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FIELDS_LIMIT = 65_536
PARTS_LIMIT = 20


class Form:
    """`begin` reads up to the file, whatever its field is called; `chunks` the file and what follows it."""

    def __init__(self, content_type: str, body: AsyncIterator[bytes]) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise _malformed()
        self.fields: dict[str, str] = {}
        self.content_type: str | None = None
        self._body = body
        self._headers: dict[bytes, bytes] = {}
        self._header, self._header_value = bytearray(), bytearray()
        self._name, self._value = "", bytearray()
        self._in_file, self._found, self._ended = False, False, False
        self._file: list[bytes] = []
        self._parts = self._kept = 0
        try:
            self._parser = MultipartParser(boundary, self._callbacks())
        except FormParserError as error:
            raise _malformed() from error

    async def begin(self) -> None:
        """Raises Fault InvalidRequest where there is no file, or no form."""
        while not self._found and await self._read():
            pass
        if not self._found:
            raise invalid("There is no file in the form") if self._ended else _malformed()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes. Raises Fault where the body was cut."""
        while True:
            ready, self._file = self._file, []
            for piece in ready:
                yield piece
            if not await self._read():
                break
        for piece in self._file:
            yield piece
        if not self._ended:
            raise invalid("The upload was cut off before its end. Send it again.")

    async def _read(self) -> bool:
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
            raise _malformed()
        self._headers.clear()
        self._value.clear()

    def _header_name_grows(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value_grows(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _header_ends(self) -> None:
        self._keep(len(self._header) + len(self._header_value))
        self._headers[bytes(self._header).lower()] = bytes(self._header_value)
        self._header.clear()
        self._header_value.clear()

    def _headers_end(self) -> None:
        options = parse_options_header(self._headers.get(b"content-disposition"))[1]
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._in_file = b"filename" in options
        if not self._in_file:
            return
        if self._found:
            raise invalid("Send one file in a form")
        self._found = True
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
        self._kept += more
        if self._kept > FIELDS_LIMIT:
            raise Fault(413, "EntityTooLarge", "The fields of the form are too long")


def _malformed() -> Fault:
    return invalid("The upload is no well-formed multipart/form-data")
