"""Log lines: JSON for machines, text for people, the standard library's included."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from loguru import logger

from oryxforge.adapters.logs import configure_logging


@pytest.fixture
def stream() -> Iterator[StringIO]:
    yield StringIO()
    logger.remove()


def lines(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_what_is_bound_is_a_key(stream: StringIO) -> None:
    configure_logging("INFO", True, stream)
    with logger.contextualize(request_id="r"):
        logger.info("run ended", status="ok", n=3)
    logger.debug("not this")
    (line,) = lines(stream)
    assert {k: line[k] for k in ("level", "message", "request_id", "status", "n")} == {
        "level": "INFO",
        "message": "run ended",
        "request_id": "r",
        "status": "ok",
        "n": 3,
    }


def test_a_stream_that_is_no_terminal_gets_json(stream: StringIO) -> None:
    configure_logging("INFO", None, stream)
    logger.info("hello")
    assert lines(stream)[0]["message"] == "hello"


def _divide(secret: str) -> float:
    return len(secret) / 0


def test_exceptions_have_no_values(stream: StringIO) -> None:
    configure_logging("INFO", True, stream)
    try:
        _divide("never said" * 2)
    except ZeroDivisionError:
        logger.exception("request broke")
    (line,) = lines(stream)
    assert "ZeroDivisionError: division by zero" in str(line["exception"])
    assert "never saidnever said" not in stream.getvalue()


def test_libraries_from_warning_up(stream: StringIO) -> None:
    configure_logging("INFO", True, stream)
    logging.getLogger("some.library").info("GET https://host/?key=secret")
    logging.getLogger("some.library").warning("careful %s {x}", "now")
    logging.getLogger("uvicorn.error").info("started")
    assert [(line["message"], line["logger"]) for line in lines(stream)] == [
        ("careful now {x}", "some.library"),
        ("started", "uvicorn.error"),
    ]


def test_text_is_one_line_an_event(stream: StringIO) -> None:
    configure_logging("INFO", False, stream)
    logger.info("hello", path="a\nb", n=1)
    (line,) = stream.getvalue().splitlines()
    assert line.endswith("hello path='a\\nb' n=1")
