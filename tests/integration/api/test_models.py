"""`POST /llm` through LangChain against a loopback stub."""

from collections.abc import Iterator

import httpx
import pytest

from integration.api.conftest import MakePerson
from integration.api.product import Product
from integration.api.reading import all_events
from oryxforge.agents.llm import LangChainLlm
from stubs.openai_api import OpenAIStub, openai_stub


@pytest.fixture
async def client(person: MakePerson) -> httpx.AsyncClient:
    return (await person("ada")).client


@pytest.fixture
def stub(product: Product) -> Iterator[OpenAIStub]:
    """The product with a model that the stub serves."""
    with (
        openai_stub() as running,
        product.replaced(llm=LangChainLlm("openai:stub", running.url, "sk-test")),
    ):
        yield running


async def test_chunks_then_done(client: httpx.AsyncClient, stub: OpenAIStub) -> None:
    found = await all_events(client, "POST", "/llm", json={"prompt": "Say hello"})
    assert [e.data for e in found] == ["Hello", ", ", "you", "[DONE]"]
    assert stub.asked[0]["model"] == "stub"
    assert stub.asked[0]["key"] == "Bearer sk-test"
    assert stub.asked[0]["messages"][0]["content"] == "Say hello"


async def test_line_breaks_in_a_chunk(client: httpx.AsyncClient, stub: OpenAIStub) -> None:
    stub.chunks = ["one\ntwo\r\nthree", "\n", "[DONE]"]
    found = await all_events(client, "POST", "/llm", json={"prompt": "x"})
    assert [e.data for e in found] == ["one\ntwo\nthree", "\n", "[DONE]", "[DONE]"]


async def test_another_model_of_the_same_provider(client: httpx.AsyncClient, stub: OpenAIStub) -> None:
    for asked in ("small", "openai:small"):
        await all_events(client, "POST", "/llm", json={"prompt": "x", "model": asked})
    assert [a["model"] for a in stub.asked] == ["small", "small"]
    other = await client.post("/llm", json={"prompt": "x", "model": "anthropic:claude"})
    assert (other.status_code, other.json()["code"]) == (422, "model_unknown")


@pytest.mark.parametrize(
    ("status", "says"), [(401, "ORYXFORGE_LLM_API_KEY"), (404, "ORYXFORGE_LLM"), (400, "")]
)
async def test_a_provider_that_refuses(
    client: httpx.AsyncClient, stub: OpenAIStub, status: int, says: str
) -> None:
    stub.status = status
    answer = await client.post("/llm", json={"prompt": "x"})
    assert (answer.status_code, answer.json()["code"]) == (502, "model_failed")
    assert says in answer.json()["detail"]
    assert "secret detail" not in answer.text


async def test_an_answer_that_is_cut(client: httpx.AsyncClient, stub: OpenAIStub) -> None:
    stub.cut_after = 2
    found = await all_events(client, "POST", "/llm", json={"prompt": "x"})
    assert [e.name for e in found] == ["message", "message", "error"]
    assert found[-1].row["code"] == "model_failed"


async def test_no_model(client: httpx.AsyncClient) -> None:
    answer = await client.post("/llm", json={"prompt": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "model_not_configured")
    assert answer.headers["retry-after"]


async def test_no_prompt(client: httpx.AsyncClient) -> None:
    assert (await client.post("/llm", json={"prompt": ""})).status_code == 422
