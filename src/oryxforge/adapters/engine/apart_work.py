"""A process of Processes: one order after the other from its input, until that ends."""

import gc
import os
import resource
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue

import orjson
import psutil
from loguru import logger

from oryxforge.adapters.engine.duck import Duck, engine_failed, too_big_for_memory
from oryxforge.adapters.engine.orders import Order, Orders
from oryxforge.adapters.engine.place import Place, place_faults
from oryxforge.adapters.engine.processes import LENGTH
from oryxforge.domain.errors import OryxError

IDLE_S = 60.0
# Of its memory: a process that holds more after a query is no longer fit for another.
SPENT_SHARE = 0.6


def main(root_url: str, folder: str, memory_limit: str, threads: int, most: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):
        # Where the machine runs out of memory, this process is the one to end.
        Path("/proc/self/oom_score_adj").write_text("1000")
    said: list[tuple[str, str]] = []
    logger.remove()
    logger.add(lambda m: said.append((m.record["level"].name, str(m).strip())), format="{message} {extra}")
    place = Place(root_url, Path(folder))
    desk = Orders(Duck(place, memory_limit, threads), place)
    orders: Queue[bytes] = Queue()
    threading.Thread(target=_read, args=(orders,), name="orders", daemon=True).start()
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0) as answers:
        # Nothing but answers may be written there.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        while True:
            try:
                body = orders.get(timeout=IDLE_S)
            except Empty:
                os._exit(0)
            said.clear()
            reply = _answer(desk, orjson.loads(body))
            content = orjson.dumps({**reply, "log": said, "spent": _data_bytes() > most * SPENT_SHARE})
            answers.write(len(content).to_bytes(LENGTH))
            _write_all(answers.fileno(), content)


def _read(orders: Queue[bytes]) -> None:
    """Passes orders on, and ends the process with its parent, even in the middle of one."""
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    while len(head := source.read(LENGTH)) == LENGTH:
        orders.put(source.read(int.from_bytes(head)))
    os._exit(0)


def _write_all(pipe: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(pipe, view) :]


def _answer(orders: Orders, order: Order) -> dict[str, object]:
    try:
        with place_faults():
            return orders.done(order)
    except MemoryError:
        gc.collect()
        return _refused(too_big_for_memory())
    except OryxError as error:
        return _refused(error)
    except Exception:  # noqa: BLE001 : the door of this process; the parent logs it
        logger.exception("order failed")
        return _refused(engine_failed())


def _refused(error: OryxError) -> dict[str, object]:
    return {"error": {"kind": error.kind, "code": error.code, "detail": error.detail}}


def _data_bytes() -> int:
    """What counts against the limit. Memory that was used does not all come back."""
    info = psutil.Process().memory_info()
    return int(getattr(info, "data", info.rss))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
