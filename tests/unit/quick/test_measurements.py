"""Questions about weather and a survey: times of day, units in names, missing values, numbers of 0 and 1."""

from typing import Any

import pytest

from unit.quick.scene import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEATHER: list[tuple[str, list[list[Any]]]] = [
    ("average temperature by city", [["Rome", 14.75], ["Oslo", -1]]),
    ('Average "temp_max (C)" by "City"', [["Rome", 14.75], ["Oslo", -1]]),
    ("total rainfall by city", [["Oslo", 13], ["Rome", 6]]),
    ("rainfall by month", [["2024-01", 7], ["2024-02", 9], ["2024-03", 3]]),
    ("daily rainfall in Oslo", [["2024-01-01", 0], ["2024-01-02", 2], ["2024-02-01", 8], ["2024-03-01", 3]]),
    ("hottest day", [["2024-03-01", 18], ["2024-02-01", 15], ["2024-01-02", 14], ["2024-01-01", 12]]),
    ("average humidity in January", [[70]]),
    ("maximum temp in Oslo in February 2024", [[0]]),
    ("how many observations with rainfall over 2", [[3]]),
    ("temperature by hour", [[6, -1], [18, 14.75]]),
    ("spearman correlation between humidity and rainfall", [["humidity", "rainfall_mm", 0.5611, 8]]),
    ("how does humidity relate to temperature", [["humidity", "temp_max (C)", -0.9408, 8]]),
    ("compare rainfall in Oslo and Rome", [["Oslo", 3.25, 4, 3.4034, 0], ["Rome", 1.5, 4, 2.3805, -1.75]]),
    ("trend of temperature in Oslo", [["2024-01-01", -4], ["2024-01-29", 0], ["2024-02-26", 4]]),
    (
        "monthly average temperature by city",
        [["Oslo", "2024-01", -4], ["Oslo", "2024-02", 0], ["Oslo", "2024-03", 4],
         ["Rome", "2024-01", 13], ["Rome", "2024-02", 15], ["Rome", "2024-03", 18]],
    ),
]  # fmt: skip

SURVEY: list[tuple[str, list[list[Any]]]] = [
    ("how many respondents", [[9]]),
    ("how many people would recommend", [[6]]),
    ("how many people would recommend by country", [["Germany", 4], ["France", 2]]),
    ("recommendation rate by country", [["Germany", 100], ["France", 66.6667], ["Italy", 0], [None, 0]]),
    ("share who would recommend", [[6, 10, 60]]),
    ("average satisfaction by country", [["Germany", 4.5], ["France", 4], [None, 2], ["Italy", 1]]),
    ("missing satisfaction by country", [
        ["France", "Satisfaction", 1, 33.3333, 3], ["Italy", "Satisfaction", 1, 50, 2],
        ["Germany", "Satisfaction", 0, 0, 4], [None, "Satisfaction", 0, 0, 1],
    ]),
    ("how many answers have no country", [[1]]),
    ("average satisfaction where country is not missing", [[3.8571]]),
    ("duplicate respondents", [[109, 2]]),
    ("outliers in income", [["Income", 2200, 3500, 250, 5450, 0, 1, 1, 9]]),
    ("median income in Germany", [[2600]]),
    ("average income excluding Italy", [[2771.4286]]),
    ("average income of 30-49", [[3000]]),
    ("number of answers by country with satisfaction at least 4", [["Germany", 3], ["France", 2]]),
    ("satisfaction in France vs Germany", [["Germany", 4.5, 4, 1, 0], ["France", 4, 2, 0, -0.5]]),
    ("top 2 countries by average income", [["Italy", 45750], ["Germany", 2850]]),
    ("variance of satisfaction", [[2.2679]]),
    ("skewness of income", [[2.9959]]),
    ("count by AgeGroup", [["18-29", 4], ["30-49", 3], ["50+", 2], [None, 1]]),
    ("satisfaction distribution", [[1, 1, 10], [2, 1, 10], [3, 1, 10], [4, 2, 20], [5, 3, 30], [None, 2, 20]]),
]  # fmt: skip


def agree(found: list[list[Any]], expected: list[list[Any]]) -> bool:
    near = [
        [pytest.approx(e, abs=1e-3) if isinstance(e, float | int) else e for e in row] for row in expected
    ]
    return near == found


@pytest.mark.parametrize(("question", "rows"), WEATHER)
async def test_weather(weather: Scene, question: str, rows: list[list[Any]]) -> None:
    answer = await weather.ask(question)
    assert agree(answer.rows, rows), (answer.rows, answer.text)


@pytest.mark.parametrize(("question", "rows"), SURVEY)
async def test_survey(survey: Scene, question: str, rows: list[list[Any]]) -> None:
    answer = await survey.ask(question)
    assert agree(answer.rows, rows), (answer.rows, answer.text)


async def test_missing_values_are_counted_by_column(survey: Scene) -> None:
    answer = await survey.ask("missing values")
    assert [r[:2] for r in answer.rows][:4] == [
        ["Satisfaction", 2],
        ["AgeGroup", 1],
        ["Country", 1],
        ["Income", 1],
    ]
    assert "Satisfaction 2 (20 %)" in answer.text


async def test_rows_that_occur_twice_are_found(survey: Scene) -> None:
    answer = await survey.ask("duplicate rows")
    assert answer.rows == [[109, "18-29", "Germany", 5, 2200.0, 1, 2]]


async def test_a_description_tells_each_column(weather: Scene) -> None:
    answer = await weather.ask("describe weather")
    by_column = {r[0]: dict(zip(answer.headers, r, strict=True)) for r in answer.rows}
    assert by_column["humidity"]["average"] == 68.75
    assert by_column["humidity"]["median"] == 67.5
    assert by_column["City"]["different"] == 2
