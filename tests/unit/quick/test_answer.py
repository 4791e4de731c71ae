"""What an answer is made of: its pieces in order, its chart, its provenance, its words."""

import json

import pytest

from oryxforge.domain.chats import PieceKind
from unit.quick.scene import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_pieces_come_in_order(shop: Scene) -> None:
    answer = await shop.ask("total amount by region")
    kinds = [p.kind.value for p in answer.pieces]
    assert kinds == ["notice", "tool_use", "tool_result", "artifact", "artifact", "text", "text"]
    assert answer.outcome.cost_usd == 0.0


async def test_the_reading_is_told_in_words_and_as_data(shop: Scene) -> None:
    answer = await shop.ask("total amount by region in 2024")
    (notice,) = answer.of(PieceKind.NOTICE)
    assert (
        notice["text"]
        == "Sum of amount by region, where order_date is in 2024, highest first (from sales.Orders)."
    )
    (group,) = notice["reading"]["groups"]
    assert group == {"of": {"column": "region", "joined": False}, "grain": "", "said": ""}
    json.dumps(notice)


async def test_the_step_shows_its_sql_and_its_time(shop: Scene) -> None:
    answer = await shop.ask("total amount by region")
    (use,), (result,) = answer.of(PieceKind.TOOL_USE), answer.of(PieceKind.TOOL_RESULT)
    assert use["id"] == result["id"]
    assert 'FROM "sales"."Orders"' in use["input"]["sql"]
    assert result["ok"]
    assert result["duration_ms"] >= 0
    assert result["text"] == "3 rows"


async def test_the_table_is_kept_with_its_provenance(shop: Scene) -> None:
    answer = await shop.ask("total quantity by product")
    table = answer.of(PieceKind.ARTIFACT)[0]
    assert table["sheet"].startswith("exploration.SumOfQuantityByProduct")
    assert table["provenance"]["code"] == answer.sql
    assert table["provenance"]["reads"][0]["sheet"] == "sales.Orders"


async def test_words_left_aside_are_told(shop: Scene) -> None:
    answer = await shop.ask("what is the total amount of the shiny regions by product")
    assert "left aside" in answer.reading or not answer.rows


async def test_groups_are_drawn_as_bars(shop: Scene) -> None:
    chart = (await shop.ask("total amount by region")).chart
    assert chart is not None
    (trace,) = chart["data"]
    assert (trace["type"], trace["x"], trace["y"]) == ("bar", ["Europe", "Asia", "America"], [220, 140, 95])
    assert chart["layout"]["title"]["text"] == "Sum of amount by region"
    assert chart["layout"]["yaxis"]["title"]["text"] == "total amount"
    assert "color" not in json.dumps(chart)


async def test_a_course_is_drawn_as_a_line(shop: Scene) -> None:
    ranked = (await shop.ask("top 3 months by amount")).chart
    assert ranked is not None
    assert ranked["data"][0]["x"] == sorted(ranked["data"][0]["x"])
    chart = (await shop.ask("amount by month")).chart
    assert chart is not None
    assert chart["data"][0]["mode"] == "lines+markers"
    assert chart["data"][0]["x"][0] == "2023-01"


async def test_two_groups_are_drawn_as_series(shop: Scene) -> None:
    chart = (await shop.ask("total amount by year and region")).chart
    assert chart is not None
    assert {t["name"] for t in chart["data"]} == {"Europe", "Asia", "America"}


async def test_a_correlation_is_drawn_as_points(shop: Scene) -> None:
    chart = (await shop.ask("correlation between quantity and amount")).chart
    assert chart is not None
    assert chart["data"][0]["mode"] == "markers"
    assert sorted(chart["data"][0]["x"]) == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_one_number_needs_no_chart(shop: Scene) -> None:
    assert (await shop.ask("total amount")).chart is None


async def test_no_chart_where_none_is_wanted(shop: Scene) -> None:
    assert (await shop.ask("total amount by region as a table")).chart is None


async def test_numbers_in_sentences_are_readable(staff: Scene) -> None:
    assert (await staff.ask("total salary")).text == "The total salary is 37,000."
    assert "37.67" in (await staff.ask("average age by department")).text


async def test_nothing_found_is_said(shop: Scene) -> None:
    answer = await shop.ask("orders with amount over 1000")
    assert not answer.of(PieceKind.ARTIFACT)
    assert "no row" in answer.text


async def test_sql_that_is_wrong_is_answered_with_the_reason(shop: Scene) -> None:
    answer = await shop.ask("select nothing from sales.Orders")
    assert answer.text.startswith("I can't run this SQL.")
    assert "nothing" in answer.text


@pytest.mark.parametrize(
    "sql", ["drop table sales.Orders", "select 1; delete from sales.Orders", "copy sales.Orders to 'x.csv'"]
)
async def test_sql_that_would_change_something_is_refused(shop: Scene, sql: str) -> None:
    assert (await shop.ask(sql)).text.startswith("I can't")
    assert (await shop.ask("how many orders")).rows == [[8]]


async def test_an_english_select_is_a_question(shop: Scene) -> None:
    answer = await shop.ask("select the top 2 orders by amount")
    assert [r[0] for r in answer.rows] == ["O8", "O5"]


@pytest.mark.parametrize("greeting", ["", "hello", "help", "what can you do?", "🐈", "???"])
async def test_a_greeting_is_answered_with_questions_to_ask(shop: Scene, greeting: str) -> None:
    answer = await shop.ask(greeting)
    assert "quick analyst" in answer.text
    assert 3 <= len(answer.choices) <= 4


async def test_every_suggested_question_is_answered(shop: Scene) -> None:
    for choice in (await shop.ask("help")).choices:
        answer = await shop.ask(choice["prompt"])
        assert answer.rows, choice["prompt"]


async def test_tables_and_columns_are_listed(shop: Scene) -> None:
    listed = await shop.ask("what data is there?")
    assert [r[0] for r in listed.rows][:2] == ["sales.Orders", "sales.Customers"]
    columns = await shop.ask("what columns are in customers?")
    assert [r[0] for r in columns.rows] == ["customer_id", "name", "segment", "credit"]


async def test_a_project_without_tables_says_what_to_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    scene = Scene(tmp_path_factory.mktemp("empty"))
    await scene.open()
    assert "upload a file" in (await scene.ask("total amount")).text
    scene.close()


async def test_answers_do_not_read_the_tables_that_answers_made(shop: Scene) -> None:
    first = await shop.ask("total amount by product")
    again = await shop.ask("total amount by product")
    assert first.sql == again.sql
    made = first.of(PieceKind.ARTIFACT)[0]["sheet"]
    named = await shop.ask(f"how many rows in {made}")
    assert named.rows == [[3]]
