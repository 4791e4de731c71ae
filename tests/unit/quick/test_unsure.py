"""What is unsure is asked back, what isn't there is said so; nothing is made up."""

import pytest

from oryxforge.domain.chats import PieceKind
from unit.quick.scene import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

AMBIGUOUS = [
    "top 3 products",
    "how many orders over 50",
    "average by region",
    "which product sold the most?",
    "total amount in Eurpoe",
    "how many rows",
    "duplicates in customer_id",
    "order with the highest",
    "list customers with revenue over 100",
    "how much did we sell in 2024?",
]
UNKNOWN = [
    ("total profit by region", "profit"),
    ("average unicorn by product", "unicorn"),
    ("total amount in Narnia", "Narnia"),
    ("total amount by colour", "colour"),
    ("how many unicorns", "unicorns"),
    ("total amount by region and galaxy", "galaxy"),
    ("total amount and profit by region", "profit"),
    ('orders where region is "Atlantis" or "Mu"', ""),
    ("qwertz uiop", "qwertz"),
    ("is there any seasonality in revenue?", "seasonality"),
    ("total amount of widgets", "widgets"),
    ("which products are sold in Europe but not in Asia?", "region"),
    ("revenue by product for the top 2 regions", "filter"),
    ("which region grew the most?", "growth"),
]
BEYOND = [
    "predict the amount for next month",
    "is amount normally distributed?",
    "create a new column called margin as amount minus unit price",
    "why did the amount drop?",
    "train a regression model on amount",
]


@pytest.mark.parametrize("question", AMBIGUOUS)
async def test_an_unsure_question_offers_readings_that_are_sure(shop: Scene, question: str) -> None:
    answer = await shop.ask(question)
    assert not answer.rows
    assert answer.text
    assert 2 <= len(answer.choices) <= 4
    for choice in answer.choices:
        again = await shop.ask(choice["prompt"])
        assert again.sql, (choice["prompt"], again.text)
        assert not again.of(PieceKind.QUESTION), choice["prompt"]


@pytest.mark.parametrize(("question", "word"), UNKNOWN)
async def test_what_the_data_lacks_is_said_and_not_guessed(shop: Scene, question: str, word: str) -> None:
    answer = await shop.ask(question)
    assert not answer.rows
    assert word in answer.text


@pytest.mark.parametrize("question", BEYOND)
async def test_what_it_cannot_do_it_says(shop: Scene, question: str) -> None:
    answer = await shop.ask(question)
    assert not answer.rows
    assert "I can't" in answer.text


async def test_a_measure_of_the_looked_up_table_is_not_counted_twice(shop: Scene) -> None:
    answer = await shop.ask("total credit by region")
    assert not answer.rows
    assert "count more than once" in answer.text


async def test_a_column_of_two_tables_is_asked_about(shop: Scene) -> None:
    answer = await shop.ask("how many different customer ids")
    assert {c["label"] for c in answer.choices} == {"sales.Orders", "sales.Customers"}


async def test_the_target_decides_between_tables(shop: Scene) -> None:
    answer = await shop.ask("how many rows", target="sales.Customers")
    assert answer.rows == [[5]]


async def test_a_value_of_two_columns_is_asked_about(tmp_path_factory: pytest.TempPathFactory) -> None:
    scene = Scene(tmp_path_factory.mktemp("cities"))
    await scene.open()
    await scene.add(
        "geo.Places", {"city": ["New York", "Albany"], "state": ["New York", "New York"], "people": [8, 1]}
    )
    answer = await scene.ask("total people in New York")
    assert {c["prompt"] for c in answer.choices} == {
        "total people in \"city\" = 'New York'",
        "total people in \"state\" = 'New York'",
    }
    sums = [(await scene.ask(c["prompt"])).rows for c in answer.choices]
    assert sorted(s[0][0] for s in sums) == [8, 9]
    scene.close()


async def test_several_columns_of_a_name_are_asked_about(tmp_path_factory: pytest.TempPathFactory) -> None:
    scene = Scene(tmp_path_factory.mktemp("marks"))
    await scene.open()
    await scene.add("school.Marks", {"student": ["a", "b"], "math score": [1, 3], "reading score": [2, 5]})
    answer = await scene.ask("average score")
    assert [c["label"] for c in answer.choices] == ["math score", "reading score"]
    assert (await scene.ask(answer.choices[1]["prompt"])).rows == [[3.5]]
    scene.close()
