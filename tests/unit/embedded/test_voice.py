"""Lines of a child for a terminal."""

import os

from oryxforge.embedded.voice import MOST_WAITING, Voice


def test_lines_come_in_order_and_whole() -> None:
    reading, writing = os.pipe()
    voice = Voice(writing)
    for number in range(3):
        voice.say(f"line {number}\n\x1b[2J")
    with os.fdopen(reading) as told:
        assert [told.readline() for _ in range(3)] == [f"line {n}??[2J\n" for n in range(3)]


def test_nobody_is_held_up_where_nobody_reads() -> None:
    reading, writing = os.pipe()
    voice = Voice(writing)
    for _ in range(MOST_WAITING * 3):
        voice.say("x" * 10_000)
    os.close(reading)


def test_a_terminal_that_is_gone() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    voice = Voice(writing)
    voice.say("heard by nobody")
    voice.say("nor this")
