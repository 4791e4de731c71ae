"""Imports the product while the database starts and is prepared: forked children then have it at once, and share it."""

import importlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from oryxforge.cli.preparing import Prepared
    from oryxforge.settings import Settings


class Preparing(Protocol):
    """The module `preparing`."""

    def prepare(self, settings: "Settings", owner_url: str | None) -> "Prepared": ...


class Serving(Protocol):
    """The module `serving`."""

    def run_api(
        self,
        settings: "Settings",
        listener: socket.socket | None,
        beat: Callable[[], None],
        tell_mail: Callable[[str], None] | None,
    ) -> None: ...
    def run_worker(self, settings: "Settings", beat: Callable[[], None]) -> None: ...


class Loading:
    """Two modules in turn, in a thread of its own."""

    def __init__(self) -> None:
        self._found: dict[str, Future[object]] = {name: Future() for name in ("preparing", "serving")}
        self._thread = threading.Thread(target=self._load, name="loading")
        self._thread.start()

    def _load(self) -> None:
        for name, found in self._found.items():
            try:
                found.set_result(importlib.import_module(f"oryxforge.cli.{name}"))
            except Exception as error:  # noqa: BLE001 - it is raised where the module is asked for
                found.set_exception(error)

    def preparing(self) -> "Preparing":
        return cast("Preparing", self._found["preparing"].result())

    def serving(self) -> "Serving":
        """Returns when everything is loaded and no thread is left."""
        self.end()
        return cast("Serving", self._found["serving"].result())

    def end(self) -> None:
        self._thread.join()
