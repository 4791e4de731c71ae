"""Where the bins of a histogram begin and end: at round places, all equally wide."""

import sys
from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal
from itertools import count

MOST = 30
SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
CLOCK = (
    *(s * SECOND for s in (1, 2, 5, 10, 15, 30)),
    *(m * MINUTE for m in (1, 2, 5, 10, 15, 30)),
    *(h * HOUR for h in (1, 2, 3, 6, 12)),
)
LARGEST = sys.float_info.max
LAST_TIME = 2**63 - 1


def number_edges(low: float, high: float, *, whole: bool) -> list[float]:
    """Edges of at most MOST bins from `low` to `high` or beyond; one bin where there is one value.

    The largest whole number has its bin to itself; another largest value may be the last edge.
    """
    if low == high:
        return [low, high]
    least, most = Decimal(low), Decimal(high)
    begin = (most - least).adjusted() - 2
    for exponent in count(max(begin, 0) if whole else begin):
        for digit in (1, 2, 5):
            step = Decimal(digit).scaleb(exponent)
            first, last = (int((edge / step).to_integral_value(ROUND_FLOOR)) for edge in (least, most))
            if not whole and step * last == most:
                last -= 1
            if last - first < MOST and float(step) > 0:
                edges = (_clamped(step * n) for n in range(first, last + 2))
                return list(dict.fromkeys(edges))
    raise AssertionError("unreachable")


def time_edges(low: int, high: int, *, whole_days: bool) -> list[int]:
    """The same in microseconds: clock times, then days."""
    if low == high:
        return [low, high]
    for step in _days() if whole_days else _steps():
        unit = min(step, DAY)
        begin = low // unit * unit
        bins = (high - begin) // step + 1
        if bins <= MOST:
            return [max(min(begin + step * n, LAST_TIME), -LAST_TIME) for n in range(bins + 1)]
    raise AssertionError("unreachable")


def _clamped(edge: Decimal) -> float:
    return max(min(float(edge), LARGEST), -LARGEST)


def _steps() -> Iterator[int]:
    for exponent in range(6):
        yield from (digit * 10**exponent for digit in (1, 2, 5))
    yield from CLOCK
    yield from _days()


def _days() -> Iterator[int]:
    for exponent in count():
        yield from (digit * 10**exponent * DAY for digit in (1, 2, 5))
