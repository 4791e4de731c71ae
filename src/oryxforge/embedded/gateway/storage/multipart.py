"""A form as Supabase's clients send it: a few fields, then the file under any name."""

from collections.abc import AsyncIterator

from oryxforge.embedded.gateway.forms import FormFault, StreamedForm
from oryxforge.embedded.gateway.storage.faults import Fault, invalid

FIELDS_LIMIT = 65_536
SAID = {
    FormFault.MISSING: "There is no file in the form",
    FormFault.UNEXPECTED: "Send one file in a form",
    FormFault.CUT: "The upload was cut off before its end. Send it again.",
    FormFault.MALFORMED: "The upload is no well-formed multipart/form-data",
}


def read_form(content_type: str, body: AsyncIterator[bytes]) -> StreamedForm:
    """Raises Fault, now or while it is read, for what is no such form."""
    return StreamedForm(content_type, body, FIELDS_LIMIT, _fault)


def _fault(fault: FormFault) -> Fault:
    if fault is FormFault.TOO_LONG:
        return Fault(413, "EntityTooLarge", "The fields of the form are too long")
    return invalid(SAID[fault])
