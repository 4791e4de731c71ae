"""One product for all tests of the API, and people in it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from fixtures.postgres import PostgresServer
from integration.api.product import Person, Product, api_settings
from oryxforge.cli.main import run


@pytest.fixture(scope="session")
def product(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    database = postgres_server.make_database()
    folder = tmp_path_factory.mktemp("product")
    with Product(api_settings(folder, database)) as running:
        yield running


MakePerson = Callable[[str], Awaitable[Person]]


@pytest.fixture
async def person(product: Product) -> AsyncGenerator[MakePerson]:
    """Makes people whose clients are closed after the test."""
    async with AsyncExitStack() as stack:

        async def make(name: str) -> Person:
            made = await product.person(name)
            await stack.enter_async_context(made.client)
            return made

        yield make


@dataclass
class Team:
    """A project with one in each role, and a stranger."""

    project: str
    owner: Person
    editor: Person
    viewer: Person
    stranger: Person


@pytest.fixture
async def team(person: MakePerson) -> Team:
    people = {name: await person(name) for name in ("owner", "editor", "viewer", "stranger")}
    client = people["owner"].client
    project = (await client.post("/projects", json={"name": "Shared"})).json()["id"]
    for role in ("editor", "viewer"):
        body = {"email": people[role].email, "role": role}
        assert (await client.post(f"/projects/{project}/members", json=body)).status_code == 201
    return Team(project, **people)


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    product: Product, team: Team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs `oryxforge` with arguments as the team's owner: its exit code, and what it said on stdout and stderr."""
    monkeypatch.setenv("ORYXFORGE_URL", product.url)
    monkeypatch.setenv("ORYXFORGE_TOKEN", product.token(team.owner.id, team.owner.email))
    monkeypatch.setenv("ORYXFORGE_PROJECT", team.project)

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return call
