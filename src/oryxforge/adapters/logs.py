"""Logging of a process: one line an event, JSON where a machine reads it; the standard library's loggers included."""

import logging
import sys
import traceback
from typing import TYPE_CHECKING, TextIO

import orjson
from loguru import logger

if TYPE_CHECKING:
    from loguru import Message, Record

TEXT = "<dim>{time:HH:mm:ss.SSS}</dim> <level>{level: <7}</level> {message}{extra[_bound]}\n"
OURS = ("uvicorn",)


def configure_logging(level: str, as_json: bool | None = None, stream: TextIO = sys.stderr) -> None:
    """Sends every log line to `stream`; `as_json` None means: unless it is a terminal."""
    logger.remove()
    machine = not stream.isatty() if as_json is None else as_json
    if machine:
        logger.add(_JsonLines(stream), level=level.upper(), format="", backtrace=False, diagnose=False)
    else:
        logger.add(stream, level=level.upper(), format=_text, backtrace=False, diagnose=False)
    _take_over(level.upper())


class _JsonLines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, message: "Message") -> None:
        self._stream.write(json_line(message.record) + "\n")
        self._stream.flush()


def json_line(record: "Record") -> str:
    """Time, level, message, request id, and whatever else was bound."""
    line: dict[str, object] = {
        "time": record["time"].isoformat(timespec="milliseconds"),
        "level": record["level"].name,
        "message": record["message"],
        **record["extra"],
    }
    raised = record["exception"]
    if raised is not None and raised.value is not None:
        line["exception"] = "".join(traceback.format_exception(raised.value))
    return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _text(record: "Record") -> str:
    bound = {k: v for k, v in record["extra"].items() if k != "_bound"}
    record["extra"]["_bound"] = "".join(f" {k}={_shown(v)}" for k, v in bound.items())
    return TEXT + "{exception}"


def _shown(value: object) -> str:
    text = str(value)
    return text if text.isprintable() and " " not in text else repr(text)


class _ToLoguru(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        level: str | int = record.levelno
        if record.levelname in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
            level = record.levelname
        line = logger.opt(exception=record.exc_info).bind(logger=record.name)
        line.log(level, "{}", record.getMessage())


def _take_over(level: str) -> None:
    """Libraries speak from WARNING up: what they say below is either noise or names what must not be logged."""
    logging.basicConfig(handlers=[_ToLoguru()], level=logging.WARNING, force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
