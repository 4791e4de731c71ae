"""The API against its own description: no 5xx, no status or media type that was not declared, bodies as described."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fixtures.scale import SCALE, scaled
from integration.api.conftest import product
from integration.api.product import Person, Product
from integration.api.test_path import CSV, import_body, upload
from oryxforge.agents.llm import LangChainLlm
from oryxforge.api.app import create_app
from oryxforge.bootstrap.api import Api
from oryxforge.settings import Settings
from stubs.openai_api import openai_stub

__all__ = ["product"]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
    ignored_auth,
]
CONFIGURATION = {
    "phases": {"coverage": {"enabled": SCALE >= 5}},
    "generation": {"allow-x00": True},
}


@dataclass
class Target:
    """The API, somebody who uses it, and ids of theirs by the name that the description has for them."""

    product: Product
    person: Person
    ids: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def target(product: Product) -> Iterator[Target]:
    prepared = asyncio.run(_prepare(product))
    with openai_stub() as stub, product.replaced(llm=LangChainLlm("openai:stub", stub.url, "sk-test")):
        yield prepared


async def _prepare(product: Product) -> Target:
    person = await product.person("fuzz")
    async with person.client as client:
        project = (await client.post("/projects", json={"name": "Fuzz"})).json()["id"]
        source = await upload(client, project, "orders.csv", CSV)
        imported = await client.post("/files/import", json=import_body(project, source, {"data": "Orders"}))
        chat = await client.post("/chat/query", json={"project_id": project, "prompt": "hi"})
        headers = {"Prefer": "respond-async"}
        again = import_body(project, source, {"data": "Orders"}, createNewDataset=False)
        job = await client.post("/files/import", json=again, headers=headers)
    ids = {
        "project_id": project,
        "data_source_id": source,
        "source_id": source,
        "dataset_id": imported.json()["dataset_id"],
        "sheet_id": imported.json()["datasheet_ids"]["Orders"],
        "chat_id": chat.json()["chat_id"],
        "job_id": job.json()["id"],
        "name_python": "sales.Orders",
    }
    return Target(product, person, ids)


def _description() -> dict[str, Any]:
    """The description alone, for which nothing need run."""
    idle = cast(Api, SimpleNamespace(services=None, gateway=None))
    return create_app(idle, Settings()).openapi()


schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schema = schemathesis.openapi.from_dict(_description(), config=SchemathesisConfig.from_dict(CONFIGURATION))


@schema.parametrize()
@settings(
    max_examples=scaled(4),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_the_api_is_as_it_says(case: Any, target: Target) -> None:
    _make_real(case, target.ids)
    authorization = target.person.client.headers["authorization"]
    response = case.call(
        base_url=target.product.url, headers={"Authorization": authorization}, timeout=60, stream=False
    )
    case.validate_response(response, checks=CHECKS)


def _make_real(case: Any, ids: dict[str, str]) -> None:
    """Puts ids of real things into most cases, so that they get past the doorstep; deletions aim at nothing."""
    if case.method == "DELETE":
        return
    dice = random.Random(repr((case.method, case.path, case.body, case.query)))
    for place in (case.path_parameters, case.query, case.body):
        if not isinstance(place, dict):
            continue
        for name in place:
            if name in ids and dice.random() < 0.8:
                place[name] = ids[name]
