"""What every request's body has in common, and the problem that every error is."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

BIGGEST = 2**53 - 1


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("Leave out the NUL character.")
    return text


PROJECT_ID = "0b9d5f6e-3a52-4f0e-9a0c-6d1f2c1f7a11"
DATASET_ID = "9a4f1c1e-57c8-4b1c-8f0e-2b8a3f6d4c33"
SOURCE_ID = "5c2f9a0e-8f0d-4f0b-8f6e-0d6d9c0b7e22"


def example(**values: JsonValue) -> ConfigDict:
    """A whole request for the API's description."""
    return ConfigDict(json_schema_extra={"examples": [values]})


Text = Annotated[str, AfterValidator(_without_nul)]


class Body(BaseModel):
    """A request's body; `user_id` is only compared with the token's user (403 where they differ)."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    user_id: Annotated[
        UUID | None,
        Field(
            default=None,
            deprecated=True,
            description="Not needed: the token says who asks. Refused (403) where it names another user.",
        ),
    ]


class Out(BaseModel):
    """An answer read from a domain object."""

    model_config = ConfigDict(from_attributes=True)


class ProblemField(BaseModel):
    loc: str
    msg: str


class Problem(BaseModel):
    """An error (RFC 9457): `code` is a stable word, `detail` says what to do next."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is no such project.",
                    "code": "project_not_found",
                    "request_id": "4b0d0fd4c0ff4fd2a3d5d8dd86e1f2c9",
                }
            ]
        },
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[ProblemField] | None = None
