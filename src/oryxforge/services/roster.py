"""Which agents may be asked now: a key that was saved a moment ago counts, without a restart."""

from collections.abc import Callable, Sequence


class Roster:
    """`always` may be asked at any time, `claude` where `has_model` says so; `chosen` is the default where it is set."""

    def __init__(
        self,
        always: Sequence[str],
        chosen: str | None = None,
        has_model: Callable[[], bool] = lambda: False,
    ) -> None:
        self._always = tuple(always)
        self._chosen = chosen
        self._has_model = has_model

    @property
    def names(self) -> tuple[str, ...]:
        first, *others = self._always
        return (first, *(("claude",) if self._has_model() else ()), *others)

    @property
    def default(self) -> str:
        return self._chosen or ("claude" if "claude" in self.names else self._always[0])
