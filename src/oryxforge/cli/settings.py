"""Settings as a command reads them: from the environment, and from its own options."""

from pydantic import ValidationError

from oryxforge.domain.errors import Invalid
from oryxforge.settings import Settings


def read_settings(**given: object) -> Settings:
    """What is None is left to the environment. Raises Invalid that names the setting which is wrong."""
    try:
        return Settings.model_validate({k: v for k, v in given.items() if v is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "A setting"
        raise Invalid(f"{name} is not set right: {first['msg']}.", code="setting_invalid") from error
