"""What `up` does, from the first folder to the last process."""

import gc
import http.client
import os
import socket
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import cast
from urllib.parse import urlencode, urlsplit

from oryxforge.cli.listening import listen, url_of
from oryxforge.domain.errors import Unavailable
from oryxforge.embedded.children import call, last_lines
from oryxforge.embedded.home import Home, Owner, Process, Running
from oryxforge.embedded.postgres import EmbeddedPostgres
from oryxforge.embedded.supervisor import Part, Stop, Supervisor
from oryxforge.settings import Settings

READY_WITHIN_S = 120.0
LOOK_EVERY_S = 0.02
SUPERUSER = "postgres"
OUR_LOGIN = "oryxforge_api"


class Launch:
    """One `up`, which holds the data folder already."""

    def __init__(self, settings: Settings, home: Home, stop: Stop) -> None:
        self._settings = settings
        self._home = home
        self._stop = stop
        self._database = None if settings.database_url else EmbeddedPostgres(home.folder)
        self._supervisor = Supervisor(home, stop, self._database)

    def run(self, on_ready: Callable[[str], None]) -> None:
        """Runs until a signal; nothing that it started is left then."""
        listener = self._listen()
        loading = _Loading()
        try:
            if self._database is not None:
                self._database.start()
            loading.wait()
            if not self._stop.asked:
                self._serve(listener, on_ready)
        finally:
            loading.join()
            if self._database is not None:
                self._database.stop()

    def _listen(self) -> socket.socket:
        unclean = self._home.last() is not None
        self._home.reap()
        self._home.record(Running(Process.of(os.getpid())))
        return listen(self._settings.host, self._settings.port, patience_s=2 if unclean else 0)

    def _serve(self, listener: socket.socket, on_ready: Callable[[str], None]) -> None:
        from oryxforge.cli import serving  # already loaded: see _Loading

        settings = self._settings.model_copy(update={"port": listener.getsockname()[1], "seed_sample": True})
        owner_url = self._owner_url()
        prepared = cast(
            "dict[str, object]",
            call(
                "prepare",
                lambda: serving.prepare(settings, owner_url),
                self._supervisor.lifeline,
                self._home.log_of("prepare"),
            ),
        )
        settings = serving.with_urls(settings, cast("dict[str, str]", prepared["urls"]))
        parts = (
            Part("api", lambda: serving.run_api(settings, listener), keep=[listener.fileno()]),
            Part("worker", lambda: serving.run_worker(settings)),
        )
        url = url_of(listener)
        owner = cast("dict[str, str]", prepared.get("owner", {"id": "", "email": ""}))
        gc.collect()
        gc.freeze()
        with self._supervisor.running(parts, Running(Process.of(os.getpid()), url, Owner(**owner))):
            if self._until_ready(url):
                link = prepared.get("link")
                on_ready(f"{url}/?{urlencode({'token': link})}" if link else f"{url}/")
                self._supervisor.watch()

    def _until_ready(self, url: str) -> bool:
        deadline = time.monotonic() + READY_WITHIN_S

        def ready() -> bool:
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"The API is not ready after {READY_WITHIN_S:.0f} s; its log says why.",
                    code="start_failed",
                    extra={"log": last_lines(self._home.log_of("api"))},
                )
            return _answers(url)

        return self._supervisor.watch(ready, LOOK_EVERY_S)

    def _owner_url(self) -> str | None:
        """The login that may change the schema; None where a database is used as it is."""
        if self._database is not None:
            return self._database.url(SUPERUSER)
        assert self._settings.database_url is not None
        given = self._settings.database_owner_url or self._settings.database_url
        url = given.get_secret_value()
        return None if urlsplit(url).username == OUR_LOGIN else url


class _Loading:
    """Imports the product while the database starts; forked children then have it at once, and share its memory."""

    def __init__(self) -> None:
        self._failed: list[Exception] = []
        self._thread = threading.Thread(target=self._load, name="loading")
        self._thread.start()

    def _load(self) -> None:
        try:
            from oryxforge.cli import serving

            assert isinstance(serving, ModuleType)
        except Exception as error:  # noqa: BLE001 - it is raised again where it is waited for
            self._failed.append(error)

    def wait(self) -> None:
        """Raises what the import raised."""
        self.join()
        if self._failed:
            raise self._failed[0]

    def join(self) -> None:
        self._thread.join()


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
