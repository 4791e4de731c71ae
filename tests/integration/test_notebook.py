"""The Python API as a notebook uses it, cell by cell, over a real installation."""

import io
from collections.abc import Generator
from pathlib import Path

import httpx
import pandas as pd
import pytest

from oryxforge import ClaudeAgent, Connection, IOService, ProjectContext, ProjectService
from oryxforge.domain.errors import NotFound, Unprocessable
from oryxforge.settings import Settings
from stubs.messages_api import in_thread, say, use
from survival.product import Product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Generator[Product]:
    running = Product(tmp_path_factory.mktemp("notebook"), {})
    running.start()
    yield running
    running.stop()


@pytest.fixture
def connection(product: Product) -> Generator[Connection]:
    with Connection(Settings(data=product.folder / "data")) as made:
        yield made


@pytest.fixture
def context(connection: Connection, tmp_path: Path) -> ProjectContext:
    return ProjectService(connection).project_init("Sample project", target=tmp_path / "work")


def test_a_project_has_a_git_repository(context: ProjectContext, tmp_path: Path) -> None:
    assert context.folder == (tmp_path / "work").resolve()
    assert (tmp_path / "work" / ".git").is_dir()
    assert (tmp_path / "work" / "tasks" / "__init__.py").is_file()


def test_a_project_that_is_not_there_is_made(connection: Connection, tmp_path: Path) -> None:
    context = ProjectService(connection).project_init("From a notebook", target=tmp_path / "n")
    assert context.project.name == "From a notebook"
    assert "From a notebook" in [p.name for p in ProjectService(connection).projects_list()]


def test_a_sheet_comes_as_a_frame_and_goes_back(context: ProjectContext) -> None:
    io_service = IOService(context)
    orders = io_service.load_df_pd("sources.Orders")
    assert len(orders) == 4000
    big = orders[orders["amount"] > 50].reset_index(drop=True)
    saved = io_service.save_df_pd(big, "Big orders")
    assert saved.address == "exploration.BigOrders"
    pd.testing.assert_frame_equal(io_service.load_df_pd(saved.address), big, check_dtype=False)
    assert io_service.save_df_pd(big.head(3), "Big orders").version == saved.version + 1
    assert len(io_service.load_df_pd(saved.address)) == 3


def test_sql_answers_as_a_frame(context: ProjectContext) -> None:
    frame = IOService(context).query("select count(*) as n from sources.Orders")
    assert frame["n"].tolist() == [4000]


def test_what_is_wrong_is_said(context: ProjectContext) -> None:
    io_service = IOService(context)
    with pytest.raises(NotFound, match="Did you mean"):
        io_service.load_df_pd("sources.Order")
    with pytest.raises(Unprocessable):
        io_service.load_df_pd("orders")
    with pytest.raises(Unprocessable):
        io_service.save_df_pd(pd.DataFrame(), "Nothing")
    with pytest.raises(Unprocessable):
        io_service.save_df_pd(pd.read_csv(io.StringIO("a,A\n1,2")), "Clash")


def test_claude_answers_and_remembers(product: Product, tmp_path: Path) -> None:
    with in_thread() as stub:
        stub.script(use("run_sql", {"sql": "select count(*) from sources.Orders"}), say("4000 ", "orders."))
        settings = Settings(
            data=product.folder / "data", anthropic_api_key="test", anthropic_base_url=stub.url
        )
        with Connection(settings) as connection:
            context = ProjectService(connection).project_init("Sample project", target=tmp_path / "c")
            agent = ClaudeAgent(context)
            answer = agent.query("How many orders?")
            assert answer.result == "4000 orders."
            assert answer.total_cost_usd > 0
            assert answer.duration_ms > 0
            stub.script(say("As I said."))
            assert "".join(p.content for p in agent.query_stream("Really?")) == "As I said."
            agent.close()
        assert "4000" in "\n".join(text for _, text in stub.texts(1))


def test_a_chat_taken_along_as_a_notebook_runs(product: Product) -> None:
    with httpx.Client(base_url=product.url, headers=product.headers, timeout=60) as client:
        projects = client.get("/projects").json()["projects"]
        project = next(p["id"] for p in projects if p["name"] == "Sample project")
        body = {"project_id": project, "prompt": "total amount by region", "agent": "quick"}
        chat = client.post("/chat/query", json=body).json()["chat_id"]
        made = client.get(f"/chats/{chat}/export", params={"format": "ipynb"}).json()
    setup, *cells = ["".join(c["source"]) for c in made["cells"] if c["cell_type"] == "code"]
    names: dict[str, object] = {}
    settings = Settings(data=product.folder / "data")
    exec(setup.replace("Connection()", "Connection(settings)"), {"settings": settings}, names)
    frame = eval(cells[0], {}, names)
    assert list(frame["region"]) == ["South", "North", "West", "East"]
    names["connection"].close()  # type: ignore[attr-defined]
