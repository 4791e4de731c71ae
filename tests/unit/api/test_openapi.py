"""The API's description shows whole requests, and they are right."""

from pathlib import Path

import pytest

from oryxforge.api.app import create_app
from oryxforge.api.schemas.body import Body
from oryxforge.api.schemas.data import ExportBody, ProfileBody
from oryxforge.api.schemas.datasets import DatasetsOf, NewDataset
from oryxforge.api.schemas.files import ImportBody, PreviewBody
from oryxforge.api.schemas.session import LinkBody
from oryxforge.bootstrap.api import make_api
from oryxforge.settings import Settings


@pytest.mark.parametrize(
    "model", [PreviewBody, ImportBody, DatasetsOf, NewDataset, LinkBody, ExportBody, ProfileBody]
)
def test_a_request_is_shown_whole(model: type[Body]) -> None:
    (shown,) = model.model_json_schema()["examples"]
    made = model.model_validate(shown)
    assert made.model_dump(exclude_unset=True, exclude={"user_id"})


def test_an_upload_is_shown_whole(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {"data": tmp_path, "database_url": "postgresql://nobody@127.0.0.1:1/none"}
    )
    described = create_app(make_api(settings), settings).openapi()
    form = described["paths"]["/files/upload"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert set(form["example"]) == set(form["schema"]["required"])
