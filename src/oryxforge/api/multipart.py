"""An upload as a multipart form: the file in the field `file`, beside a few other fields."""

from collections.abc import AsyncIterator, Callable, Mapping

from oryxforge.domain.errors import FieldError, Invalid, OryxError, Unprocessable
from oryxforge.embedded.gateway.forms import FormFault, StreamedForm

FIELDS_LIMIT = 4_096
FIELD = "file"


class Upload:
    """`before` are the fields that came before the file, `on_end` gets all of them."""

    def __init__(
        self, content_type: str, body: AsyncIterator[bytes], on_end: Callable[[Mapping[str, str]], None]
    ) -> None:
        self._form = StreamedForm(content_type, body, FIELDS_LIMIT, _refusal)
        self._on_end = on_end
        self.before: Mapping[str, str] = {}

    async def begin(self) -> str:
        """Reads up to the file; its name. Raises Unprocessable where there is none, or not in its field."""
        await self._form.begin()
        if self._form.file_field != FIELD:
            raise _refusal(FormFault.UNEXPECTED)
        self.before = self._form.before
        return self._form.filename

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes; ends after the last part, with `on_end` called. Raises Invalid where the body was cut."""
        async for piece in self._form.chunks():
            yield piece
        self._on_end(self._form.fields)


def _refusal(fault: FormFault) -> OryxError:
    match fault:
        case FormFault.MISSING:
            return Unprocessable(
                f"There is no file in the request. Send it as the field `{FIELD}`.",
                code="file_missing",
                errors=[FieldError(FIELD, "Field required")],
            )
        case FormFault.UNEXPECTED:
            return Unprocessable(
                f"Send one file in a request, as the field `{FIELD}`.",
                code="file_unexpected",
                errors=[FieldError(FIELD, f"One file, named `{FIELD}`")],
            )
        case FormFault.CUT:
            return Invalid("The upload was cut off before its end. Send the file again.", code="upload_cut")
        case FormFault.TOO_LONG:
            return Invalid("The fields of the upload are too long.", code="upload_malformed")
        case FormFault.MALFORMED:
            return Invalid(
                f"The upload is no well-formed multipart/form-data. Send the fields `project_id` and `{FIELD}`.",
                code="upload_malformed",
            )
