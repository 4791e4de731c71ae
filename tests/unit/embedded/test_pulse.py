"""A pulse that stands still, seen by somebody who looks now and then."""

import os

from oryxforge.embedded.pulse import Pulse, Silence


def test_silence_grows_between_beats_only() -> None:
    pulse = Pulse()
    silence = Silence(pulse)
    pulse.beat()
    assert [silence.look(t) for t in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]
    pulse.beat()
    assert [silence.look(t) for t in (1.5, 2.0)] == [0.0, 0.5]


def test_a_part_that_has_not_begun_is_not_silent() -> None:
    silence = Silence(Pulse())
    assert [silence.look(t) for t in (0.0, 1.0, 2.0)] == [0.0, 0.0, 0.0]


def test_time_in_which_nobody_looked_counts_as_one_step() -> None:
    pulse = Pulse()
    silence = Silence(pulse, longest_step_s=1.0)
    pulse.beat()
    silence.look(0.0)
    assert silence.look(3600.0) == 1.0


def test_beats_of_a_child_are_seen_by_its_parent() -> None:
    pulse = Pulse()
    pid = os.fork()
    if pid == 0:
        pulse.beat()
        os._exit(0)
    os.waitpid(pid, 0)
    assert pulse.count == 1
