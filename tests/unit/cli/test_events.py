"""Server-sent events, line by line."""

from oryxforge.cli.events import Event, read_events


def test_an_event_has_its_data_name_and_id() -> None:
    assert list(read_events(["id: c:4", "event: end", "data: {}", ""])) == [Event("{}", "end", "c:4")]


def test_lines_of_data_are_joined() -> None:
    assert [e.data for e in read_events(["data: a", "data:b", "data:", ""])] == ["a\nb\n"]


def test_comments_and_empty_events_are_passed_over() -> None:
    assert list(read_events([": still here", "", "event: x", "", "data: 1", ""])) == [Event("1")]


def test_an_event_that_was_cut_is_not_told() -> None:
    assert list(read_events(["data: 1"])) == []


def test_the_last_id_stays() -> None:
    assert [e.id for e in read_events(["id: 1", "data: a", "", "data: b", ""])] == ["1", "1"]
