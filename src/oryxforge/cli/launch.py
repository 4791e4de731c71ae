"""What `up` does, from the first folder to the last process."""

import gc
import http.client
import os
import socket
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from oryxforge.cli.listening import is_loopback, listen, url_of
from oryxforge.cli.loading import Loading
from oryxforge.domain.errors import Unavailable
from oryxforge.embedded.children import last_lines
from oryxforge.embedded.home import Home, Owner, Process, Running
from oryxforge.embedded.postgres import EmbeddedPostgres
from oryxforge.embedded.pulse import Pulse
from oryxforge.embedded.supervisor import Part, Stop, Supervisor
from oryxforge.embedded.voice import Voice
from oryxforge.settings import Settings

READY_WITHIN_S = 120.0
LOOK_EVERY_S = 0.02
STDERR = 2
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
        loading = Loading()
        try:
            if self._database is not None:
                self._database.start()
            if not self._stop.asked:
                self._serve(listener, loading, on_ready)
        finally:
            loading.end()
            gc.unfreeze()
            if self._database is not None:
                self._database.stop()

    def _listen(self) -> socket.socket:
        unclean = self._home.last() is not None
        self._home.reap()
        self._home.record(Running(Process.of(os.getpid())))
        return listen(self._settings.host, self._settings.port, patience_s=2 if unclean else 0)

    def _serve(self, listener: socket.socket, loading: Loading, on_ready: Callable[[str], None]) -> None:
        settings = self._settings.model_copy(
            update={"port": listener.getsockname()[1], "seed_sample": True, "instance": self._instance()}
        )
        prepared = loading.preparing().prepare(settings, self._owner_url())
        serving = loading.serving()
        settings = prepared.settings
        api, worker, voice = Pulse(), Pulse(), Voice(os.dup(STDERR))
        # What a mail holds signs in: it is shown only where whoever sees the terminal owns the installation.
        tell = voice.say if is_loopback(settings.host) else None
        kept = [listener.fileno(), voice.fd]
        parts = (
            Part("api", lambda: serving.run_api(settings, listener, api.beat, tell), kept, api),
            Part("worker", lambda: serving.run_worker(settings, worker.beat), pulse=worker),
        )
        url = url_of(listener)
        gc.collect()
        gc.freeze()
        said = Running(Process.of(os.getpid()), url, prepared.owner or Owner("", ""))
        with self._supervisor.running(parts, said):
            if self._until_ready(url):
                query = f"?{urlencode({'token': prepared.link})}" if prepared.link else ""
                on_ready(f"{url}/{query}")
                self._supervisor.watch()

    def _instance(self) -> str:
        """One worker at a time runs from this folder of this machine."""
        return f"up {socket.gethostname()} {self._home.folder}"

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
