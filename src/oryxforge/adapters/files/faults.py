"""What the operating system says about a store, as errors of the product."""

import errno
from collections.abc import Generator
from contextlib import contextmanager

from loguru import logger

from oryxforge.domain.errors import Unavailable

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def store_faults() -> Generator[None]:
    """Raises Unavailable in place of an OSError."""
    try:
        yield
    except OSError as error:
        logger.warning("file store failed", error=str(error))
        if error.errno in FULL:
            raise Unavailable(
                "The file store is full. Free some space, then try again.", code="store_full"
            ) from error
        raise Unavailable(
            "The file store can't be used at the moment. Try again; `oryxforge doctor` says more.",
            code="store_unavailable",
        ) from error
