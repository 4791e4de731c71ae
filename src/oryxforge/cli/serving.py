"""The processes of the product as functions: what `up` forks, and what `api` and `worker` run."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable

import uvloop

from oryxforge.adapters.logs import configure_logging
from oryxforge.api.app import create_app, make_server
from oryxforge.bootstrap.api import make_api
from oryxforge.bootstrap.worker import make_worker
from oryxforge.cli.listening import listen
from oryxforge.settings import Settings

BEAT_S = 1.0
# A full collection looks at all that thousands of sockets hold, and stops everything for up to half a second; what dies
# young is found by the others. So it comes after millions of objects that stayed, not thousands.
COLLECTIONS = (10_000, 10, 50)


def _unheard() -> None:
    """Where nobody listens to the pulse."""


def run_api(
    settings: Settings,
    listener: socket.socket | None = None,
    beat: Callable[[], None] = _unheard,
    tell_mail: Callable[[str], None] | None = None,
) -> None:
    """Serves until SIGTERM, on a socket that is open already or on the settings' host and port.

    `beat` is called every second while requests are served, `tell_mail` with a line for each mail that no server takes.
    """
    gc.set_threshold(*COLLECTIONS)
    configure_logging(settings.log_level, settings.log_json)
    signal.signal(signal.SIGTERM, _stopped)
    listener = listener or listen(settings.host, settings.port, patience_s=0)
    # Tokens and mails name the port, which is not known before it is had.
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    app = create_app(make_api(settings, tell_mail), settings)
    make_server(app, settings, beat).run(sockets=[listener])


def _stopped(*_: object) -> None:
    """Where the server gives back the signal that it has dealt with."""


def run_worker(settings: Settings, beat: Callable[[], None] = _unheard) -> None:
    """Works until SIGTERM or SIGINT, then gives back what it holds. `beat` is called every second while it works."""
    configure_logging(settings.log_level, settings.log_json)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(settings, beat))


async def _work(settings: Settings, beat: Callable[[], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    worker = make_worker(settings)
    working = asyncio.create_task(worker.run())
    stopping = asyncio.create_task(stop.wait())
    beating = asyncio.create_task(_beating(beat))
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    finally:
        for task in (working, stopping, beating):
            task.cancel()
        await asyncio.gather(working, stopping, beating, return_exceptions=True)
        await worker.close()


async def _beating(beat: Callable[[], None]) -> None:
    while True:
        beat()
        await asyncio.sleep(BEAT_S)
