"""A pipe that ties a child process to its parent: when the parent ends, however it ends, the child does too."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

VARIABLE = "ORYXFORGE_LIFELINE"
GRACE_S = 5.0


class Child(subprocess.Popen[bytes]):
    """A child that ends with this process; `let_go` asks it to end now."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
    ) -> None:
        theirs, ours = os.pipe()
        self._lifeline: int | None = ours
        try:
            super().__init__(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env={**(os.environ if env is None else env), VARIABLE: str(theirs)},
                cwd=cwd,
                pass_fds=(theirs,),
                start_new_session=True,
            )
        except BaseException:
            self.let_go()
            raise
        finally:
            os.close(theirs)

    def let_go(self) -> None:
        """Closes the pipe: the child gets SIGTERM from itself, and is gone after its grace."""
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
) -> Child:
    """Starts a program that calls `watch_parent`, in a session of its own so that Ctrl-C reaches us first."""
    return Child(argv, env=env, cwd=cwd, stdout=stdout, stderr=stderr)


def watch_parent(grace_s: float = GRACE_S) -> bool:
    """To be called early by a program that `spawn` may have started; False where it was started otherwise."""
    value = os.environ.pop(VARIABLE, None)
    if value is None:
        return False
    watch(int(value), lambda: end_self(grace_s))
    return True


def watch(fd: int, on_end: Callable[[], None]) -> threading.Thread:
    """Calls `on_end` in a thread when the other end of the pipe is closed."""
    os.set_inheritable(fd, False)
    thread = threading.Thread(target=_until_closed, args=(fd, on_end), name="lifeline", daemon=True)
    thread.start()
    return thread


def end_self(grace_s: float = GRACE_S) -> None:
    """SIGTERM to this process, so that it ends in good order; after the grace it ends anyhow."""
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(grace_s)
    os._exit(1)


def _until_closed(fd: int, on_end: Callable[[], None]) -> None:
    while os.read(fd, 1):
        pass
    os.close(fd)
    on_end()
