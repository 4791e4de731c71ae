"""A chart drawn over other rows, and whether two charts show the same values."""

from typing import Any

from oryxforge.domain.figures import Rows, redrawn, same_values

BEFORE = Rows(["region", "total"], [["North", 10.0], ["South", 20.0]])
AFTER = Rows(["region", "total"], [["East", 1.0], ["North", 11.0], ["South", 21.0]])


def _data(figure: dict[str, Any] | None) -> list[dict[str, Any]]:
    assert figure is not None
    return figure["data"]


def test_bars_take_the_new_rows() -> None:
    figure = {
        "data": [{"type": "bar", "x": ["North", "South"], "y": [10, 20], "text": ["a", "b"]}],
        "layout": {"a": 1},
    }
    drawn = redrawn(figure, BEFORE, AFTER)
    assert _data(drawn) == [{"type": "bar", "x": ["East", "North", "South"], "y": [1.0, 11.0, 21.0]}]
    assert drawn is not None
    assert drawn["layout"] == {"a": 1}


def test_columns_are_found_by_name_in_another_order() -> None:
    figure = {"data": [{"type": "pie", "labels": ["North", "South"], "values": [10, 20]}]}
    after = Rows(["n", "TOTAL", "Region"], [[1, "5.50", None]])
    assert _data(redrawn(figure, BEFORE, after)) == [
        {"type": "pie", "labels": ["(missing)"], "values": [5.5]}
    ]


def test_rounded_values_and_decimals_are_known_again() -> None:
    before = Rows(["day", "total"], [["2024-01-01T00:00:00", "10.1234"], ["2024-01-02T00:00:00", "20.5678"]])
    figure = {"data": [{"x": ["2024-01-01", "2024-01-02"], "y": [10.12, 20.57]}]}
    assert _data(redrawn(figure, before, before))[0]["y"] == [10.1234, 20.5678]


def test_a_series_for_each_value_of_a_column() -> None:
    before = Rows(["year", "region", "n"], [[1, "N", 5], [1, "S", 6], [2, "N", 7], [2, "S", 8]])
    figure = {"data": [{"name": "N", "x": [1, 2], "y": [5, 7]}, {"name": "S", "x": [1, 2], "y": [6, 8]}]}
    after = Rows(before.headers, [[1, "S", 9], [1, "W", 4]])
    assert _data(redrawn(figure, before, after)) == [
        {"name": "S", "x": [1], "y": [9]},
        {"name": "W", "x": [1], "y": [4]},
    ]


def test_rows_that_were_sorted_for_the_drawing_are_sorted_again() -> None:
    before = Rows(["month", "n"], [["2024-02", 9], ["2024-01", 3]])
    figure = {"data": [{"x": ["2024-01", "2024-02"], "y": [3, 9]}]}
    after = Rows(["month", "n"], [["2024-03", 9], ["2024-01", 3], ["2024-02", 1]])
    assert _data(redrawn(figure, before, after))[0]["x"] == ["2024-01", "2024-02", "2024-03"]


def test_the_middles_of_bins() -> None:
    before = Rows(["from", "to", "count"], [[0, 10, 3], [10, 20, 4]])
    figure = {"data": [{"type": "bar", "x": [5.0, 15.0], "y": [3, 4]}]}
    assert _data(redrawn(figure, before, Rows(before.headers, [[0, 2, 1]])))[0]["x"] == [1.0]


def test_what_can_not_be_traced_is_not_drawn() -> None:
    strange = {"data": [{"type": "bar", "x": ["North", "South"], "y": [999, 1]}]}
    assert redrawn(strange, BEFORE, AFTER) is None
    figure = {"data": [{"type": "bar", "x": ["North", "South"], "y": [10, 20]}]}
    assert redrawn(figure, BEFORE, Rows(["other"], [[1]])) is None
    assert redrawn({"data": []}, BEFORE, AFTER) is None


def test_the_same_values_in_another_kind() -> None:
    bars = {"data": [{"type": "bar", "x": ["a"], "y": [1]}]}
    pie = {"data": [{"type": "pie", "labels": ["a"], "values": [1]}], "layout": {"title": {"text": "T"}}}
    assert same_values(bars, pie)
    assert not same_values(bars, {"data": [{"type": "bar", "x": ["a"], "y": [2]}]})
    assert not same_values(bars, {"data": []})
    assert same_values(bars, {"data": [{"y": [1.0], "x": ["a"]}]})
