"""What is offered to begin with is answered, whatever the data are called."""

from collections.abc import Mapping

import pyarrow as pa
import pytest

from oryxforge.agents.quick.language.spelling import many
from oryxforge.agents.quick.starters import Starters
from oryxforge.bootstrap.sample import customers, orders
from oryxforge.domain.chats import PieceKind
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor
from oryxforge.services.suggestions import Suggestions
from unit.quick.conftest import scene_of
from unit.quick.scene import Scene
from unit.quick.tables import SHOP, STAFF, SURVEY, WEATHER, Tables

ODD: Tables = {
    "odd.Names": {
        'a "b" c': ["x", "y"] * 20,
        "sum(; drop": list(range(40)),
        "'": [3, 4] * 20,
        "größe in µm": [n / 3 for n in range(40)],
        " ": [1, 1] * 20,
        "top": ["k", "l"] * 20,
        "select": ["2024", None] * 20,
    }
}
BARE: Tables = {"t.Notes": {"comment": [f"c{i}" for i in range(30)], "author": ["a", "b", "c"] * 10}}
EMPTY: Tables = {"e.Empty": {"n": pa.array([], pa.int64()), "s": pa.array([], pa.string())}}
WIDE: Tables = {"w.Wide": {f"col {n}": [1.0, 2.0, 3.0] for n in range(60)}}
MANY: Tables = {**SHOP, **STAFF, **WEATHER, **SURVEY}


def read_csv(body: bytes) -> pa.Table:
    from io import BytesIO

    from pyarrow.csv import read_csv

    return read_csv(BytesIO(body))


SAMPLE: Tables = {"sources.Orders": read_csv(orders()), "sources.Customers": read_csv(customers())}
ALL: Mapping[str, Tables] = {
    "sample": SAMPLE,
    "shop": SHOP,
    "staff": STAFF,
    "weather": WEATHER,
    "survey": SURVEY,
    "odd": ODD,
    "bare": BARE,
    "empty": EMPTY,
    "wide": WIDE,
    "many": MANY,
}


async def offered(scene: Scene) -> list[str]:
    made = Suggestions(scene.store, scene.engine, Starters())
    return await made.of_project(scene.actor, scene.project_id)


@pytest.mark.parametrize("name", ALL)
async def test_every_question_that_is_offered_is_answered(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scene = await scene_of(tmp_path_factory.mktemp("scene"), ALL[name])
    prompts = await offered(scene)
    assert 3 <= len(prompts) <= 6
    assert len(set(prompts)) == len(prompts)
    for prompt in prompts:
        answer = await scene.ask(prompt)
        assert answer.sql, (prompt, answer.text)
        assert not answer.of(PieceKind.QUESTION), (prompt, answer.choices)
        assert "I can't" not in answer.text, (prompt, answer.text)
        assert "left aside" not in answer.reading, (prompt, answer.reading)
        assert len(prompt) <= 90
    scene.close()


async def test_the_sample_project_is_asked_for_what_matters(tmp_path_factory: pytest.TempPathFactory) -> None:
    scene = await scene_of(tmp_path_factory.mktemp("scene"), SAMPLE)
    prompts = await offered(scene)
    assert prompts[:2] == ["Total amount by region", "Total amount by month"]
    assert len(prompts) == 6
    assert any(p.startswith("Top 5 products by") for p in prompts), prompts
    assert await offered(scene) == prompts
    scene.close()


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("product", "products"),
        ("country", "countries"),
        ("order status", "order statuses"),
        ("day", "days"),
        ("species", "species"),
        ("products", "products"),
        ("branch", "branches"),
    ],
)
def test_a_name_is_said_in_the_plural(one: str, several: str) -> None:
    assert many(one) == several


async def test_without_a_table_nothing_is_offered(tmp_path_factory: pytest.TempPathFactory) -> None:
    scene = await scene_of(tmp_path_factory.mktemp("scene"), {})
    assert await offered(scene) == []
    stranger = Actor(scene.project_id)
    with pytest.raises(NotFound):
        await Suggestions(scene.store, scene.engine, Starters()).of_project(stranger, scene.project_id)
    scene.close()


async def test_a_new_table_is_asked_about_next_time(tmp_path_factory: pytest.TempPathFactory) -> None:
    scene = await scene_of(tmp_path_factory.mktemp("scene"), {})
    made = Suggestions(scene.store, scene.engine, Starters())
    assert await made.of_project(scene.actor, scene.project_id) == []
    await scene.add("hr.Employees", STAFF["hr.Employees"])
    assert "Average salary by department" in await made.of_project(scene.actor, scene.project_id)
    scene.close()
