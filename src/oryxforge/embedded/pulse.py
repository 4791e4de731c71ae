"""Whether a child still does anything: it counts up in memory that its parent sees."""

import mmap
import struct

COUNT = struct.Struct("Q")


class Pulse:
    """Made before the fork, beaten by the child, read by the parent."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, COUNT.size)

    def beat(self) -> None:
        self._shared[:] = COUNT.pack((self.count + 1) % 2**64)

    @property
    def count(self) -> int:
        return COUNT.unpack(self._shared[:])[0]


class Silence:
    """How long a pulse stood still after its first beat; time in which nobody looked (a laptop asleep) counts little."""

    def __init__(self, pulse: Pulse, longest_step_s: float = 1.0) -> None:
        self._pulse = pulse
        self._longest_step_s = longest_step_s
        self._seen = pulse.count
        self._looked: float | None = None
        self._began = False
        self._silent_s = 0.0

    def look(self, now: float) -> float:
        """Seconds of silence so far; `now` is of a clock that never goes back."""
        step = 0.0 if self._looked is None else min(now - self._looked, self._longest_step_s)
        self._looked = now
        count = self._pulse.count
        beaten = count != self._seen
        self._began = self._began or beaten
        self._silent_s = self._silent_s + step if self._began and not beaten else 0.0
        self._seen = count
        return self._silent_s
