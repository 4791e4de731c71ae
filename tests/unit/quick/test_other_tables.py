"""Questions to tables of other trades: passengers, houses, countries; numbers that are kinds, years, or yes and no."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from unit.quick.scene import Scene
from unit.quick.tables import Tables

pytestmark = pytest.mark.asyncio(loop_scope="module")

TABLES: Tables = {
    "ships.Titanic": {
        "PassengerId": [1, 2, 3, 4, 5, 6],
        "Survived": [1, 0, 1, 1, 0, 0],
        "Pclass": [1, 1, 2, 3, 3, 3],
        "Name": ["Ann", "Bob", "Cid", "Dot", "Eve", "Fay"],
        "Sex": ["female", "male", "male", "female", "female", "male"],
        "Age": [30, 40, None, 10, 50, 20],
        "Fare": [80.0, 70.0, 20.0, 8.0, 7.0, 9.0],
    },
    "homes.Houses": {
        "sold": [date(2014, 5, 1), date(2014, 6, 1), date(2014, 6, 2), date(2015, 1, 1)],
        "price": [100_000, 200_000, 300_000, 400_000],
        "bedrooms": [2, 3, 3, 4],
        "bathrooms": [1.0, 2.0, 1.5, 2.0],
        "sqft_living": [800, 1000, 1500, 2500],
        "waterfront": [0, 0, 1, 1],
        "zipcode": [98001, 98001, 98002, 98003],
        "yr_built": [1940, 1990, 2001, 2010],
    },
    "world.Countries": {
        "country": ["Kenya", "Kenya", "Peru", "Peru", "Japan", "Japan"],
        "continent": ["Africa", "Africa", "Americas", "Americas", "Asia", "Asia"],
        "year": [2002, 2007, 2002, 2007, 2002, 2007],
        "lifeExp": [51.0, 54.0, 69.0, 71.0, 82.0, 82.6],
        "pop": [31_000_000, 35_000_000, 26_000_000, 28_000_000, 127_000_000, 127_500_000],
        "gdpPercap": [1300.0, 1500.0, 5900.0, 7400.0, 28_600.0, 31_700.0],
    },
}
CASES: list[tuple[str, list[list[Any]]]] = [
    ("how many passengers survived", [[3]]),
    ("survival rate", [[50]]),
    ("survival rate by sex", [["female", 66.6667], ["male", 33.3333]]),
    ("survival rate by pclass", [[1, 50], [2, 100], [3, 33.3333]]),
    ("what percentage of women survived?", [[2, 3, 66.6667]]),
    ("what percentage of survivors are women?", [[2, 3, 66.6667]]),
    ("average fare of survivors", [[36]]),
    ("average age of passengers who survived", [[20]]),
    ("how many passengers in first class", [[2]]),
    ("average fare of women in 3rd class", [[7.5]]),
    ("did women survive more often than men?", [["female", 0.6667, 3, 0.5774, 0], ["male", 0.3333, 3, 0.5774, -0.3333]]),
    ("mean fare paid by the passengers", [[32.3333]]),
    ("average price of waterfront houses", [[350_000]]),
    ("how many houses have waterfront", [[2]]),
    ("number of houses with 3 bedrooms", [[2]]),
    ("number of houses with 3 bedrooms and 2 bathrooms", [[1]]),
    ("average price of houses built after 2000", [[350_000]]),
    ("how many houses were built before 1950", [[1]]),
    ("median price per zipcode", [[98001, 150_000], [98002, 300_000], [98003, 400_000]]),
    ("number of houses sold per month", [["2014-05", 1], ["2014-06", 2], ["2015-01", 1]]),
    ("how many houses cost more than 0.25 million", [[2]]),
    ("number of houses with price over 250k", [[2]]),
    ("life expectancy by continent", [["Asia", 82.3], ["Americas", 70], ["Africa", 52.5]]),
    ("average gdp per capita in 2007", [[13_533.3333]]),
    ("total population by year", [[2002, 184_000_000], [2007, 190_500_000]]),
    ("population of Peru over time", [[2002, 26_000_000], [2007, 28_000_000]]),
    ("population growth in Kenya", [[2002, 31_000_000, None, None], [2007, 35_000_000, 4_000_000, 12.9032]]),
    ("how many countries per continent", [["Africa", 1], ["Americas", 1], ["Asia", 1]]),
    ("countries in Asia", [["Japan", 2]]),
    ("share of population by continent in 2007", [
        ["Asia", 127_500_000, 66.9291], ["Africa", 35_000_000, 18.3727], ["Americas", 28_000_000, 14.6982],
    ]),
    ("top 2 countries by population in 2002", [["Japan", 127_000_000], ["Kenya", 31_000_000]]),
]  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Scene]:
    scene = Scene(tmp_path_factory.mktemp("world"))
    await scene.open()
    for address, columns in TABLES.items():
        await scene.add(address, columns)
    yield scene
    scene.close()


@pytest.mark.parametrize(("question", "rows"), CASES)
async def test_is_answered_with_its_rows(world: Scene, question: str, rows: list[list[Any]]) -> None:
    answer = await world.ask(question)
    near = [[pytest.approx(e, abs=1e-3) if isinstance(e, float | int) else e for e in row] for row in rows]
    assert near == answer.rows, (answer.rows, answer.reading, answer.text, answer.choices)


@pytest.mark.parametrize(
    ("question", "price"),
    [
        ("cheapest house with 3 bedrooms", 200_000),
        ("most expensive house", 400_000),
        ("3 houses with the lowest price", 100_000),
    ],
)
async def test_finds_the_house(world: Scene, question: str, price: int) -> None:
    answer = await world.ask(question)
    assert answer.rows[0][answer.headers.index("price")] == price


async def test_a_number_per_number_may_be_a_ratio(world: Scene) -> None:
    answer = await world.ask("price per sqft_living in homes.Houses")
    divided = answer.choices[1]
    assert divided["label"] == "price divided by sqft_living"
    assert (await world.ask(divided["prompt"])).rows == [[pytest.approx(1_000_000 / 5800)]]


async def test_makers_of_cars_are_not_cars(world: Scene) -> None:
    answer = await world.ask("how many house builders are there?")
    assert not answer.rows
    assert "builders" in answer.text
