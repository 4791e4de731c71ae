"""Questions that change the one before, told by its notice."""

from dataclasses import replace
from typing import Any

import pytest

from oryxforge.domain.chats import ChatMessage, PieceKind
from unit.quick.scene import Answer, Scene, said

pytestmark = pytest.mark.asyncio(loop_scope="module")

TALKS: list[tuple[list[str], list[list[Any]]]] = [
    (["total amount by region", "and by product?"], [["Coffee", 300], ["Tea", 100], ["Mug", 55]]),
    (["total amount by region", "only in 2024"], [["Europe", 180], ["Asia", 100], ["America", 95]]),
    (["total amount by region", "what about quantity"], [["Europe", 16], ["America", 13], ["Asia", 7]]),
    (["total amount by region", "average instead"], [["Asia", 70], ["Europe", 55], ["America", 47.5]]),
    (["total amount by region", "top 2"], [["Europe", 220], ["Asia", 140]]),
    (["total amount by region", "without Asia"], [["Europe", 220], ["America", 95]]),
    (["total amount by region", "as a share"], [["Europe", 220, 48.3516], ["Asia", 140, 30.7692], ["America", 95, 20.8791]]),
    (["total amount by region", "sort ascending"], [["America", 95], ["Asia", 140], ["Europe", 220]]),
    (["total amount in Europe", "and in Asia?"], [[140]]),
    (["total amount in Europe", "what about 2024"], [[180]]),
    (["total amount in Europe", "what about Asia", "by product"], [["Coffee", 140]]),
    (["total amount", "by year"], [[2023, 80], [2024, 375]]),
    (["orders in Europe", "how many?"], [[4]]),
    (["orders in Europe", "by product"], [["Tea", 2], ["Coffee", 1], ["Mug", 1]]),
    (["orders in Europe", "and the average amount?"], [[55]]),
    (["total amount by region", "by year too"], [
        ["America", 2024, 95], ["Asia", 2023, 40], ["Asia", 2024, 100], ["Europe", 2023, 40], ["Europe", 2024, 180],
    ]),
    (["what percentage of orders are from Europe?", "what about Asia"], [[2, 8, 25]]),
    (["distribution of amount", "only in Europe"], [[0, 50, 3], [150, 200, 1]]),
    (["total amount by segment", "only in 2024"], [["school", 160], ["private", 115], ["business", 100]]),
    (["total amount in Europe", "how many customers are there?"], [[5]]),
    (["total amount in Europe", "total quantity by product"], [["Coffee", 15], ["Mug", 11], ["Tea", 10]]),
]  # fmt: skip


async def talk(scene: Scene, questions: list[str]) -> Answer:
    history: list[ChatMessage] = []
    answer = None
    for question in questions:
        answer = await scene.ask(question, history=history)
        history = said(question, answer, history)
    assert answer is not None
    return answer


@pytest.mark.parametrize(("questions", "rows"), TALKS)
async def test_a_follow_up_changes_the_question_before(
    shop: Scene, questions: list[str], rows: list[list[Any]]
) -> None:
    answer = await talk(shop, questions)
    near = [[pytest.approx(e, abs=1e-3) if isinstance(e, float | int) else e for e in row] for row in rows]
    assert near == answer.rows, (answer.rows, answer.reading, answer.text)


async def test_a_chart_can_be_asked_for_afterwards(shop: Scene) -> None:
    answer = await talk(shop, ["total amount by region", "as a pie chart"])
    assert answer.chart is not None
    assert answer.chart["data"][0]["type"] == "pie"


GARBLED: list[object] = [
    None, "x", 7, [], {}, {"ask": "aggregate"}, {"ask": "nothing", "sheet": "sales.Orders"},
    {"ask": "aggregate", "sheet": "sales.Gone", "measures": [{"how": "sum", "of": {"column": "amount"}}]},
    {"ask": "aggregate", "sheet": "sales.Orders", "measures": [{"how": "sum", "of": {"column": "gone"}}]},
    {"ask": "aggregate", "sheet": "sales.Orders", "measures": [{"how": "drop table", "of": {"column": "amount"}}]},
    {"ask": "aggregate", "sheet": "sales.Orders", "where": [{"of": {"column": "region"}, "op": "in", "values": "x"}]},
    {"ask": "aggregate", "sheet": "sales.Orders", "where": [{"of": {"column": "amount"}, "op": "between", "values": []}]},
    {"ask": "aggregate", "sheet": "sales.Orders", "groups": [{"of": {"column": "region"}, "grain": "eon"}]},
    {"ask": "distribution", "sheet": "sales.Orders"},
]  # fmt: skip


@pytest.mark.parametrize("reading", GARBLED)
async def test_a_garbled_reading_is_passed_over(shop: Scene, reading: object) -> None:
    first = await shop.ask("total amount by region")
    history = [
        replace(m, metadata={"code": "reading", "text": "", "reading": reading})
        if m.kind is PieceKind.NOTICE
        else m
        for m in said("total amount by region", first)
    ]
    answer = await shop.ask("and by product?", history=history)
    assert answer.text


async def test_a_choice_may_be_answered_by_its_label_or_number(shop: Scene) -> None:
    asked = await shop.ask("top 2 products")
    history = said("top 2 products", asked)
    by_label = await shop.ask("Total amount", history=history)
    by_number = await shop.ask("the first one", history=history)
    assert by_label.rows == by_number.rows == [["Coffee", 300.0], ["Tea", 100.0]]
