"""Charts as SVG: bars, lines and points; other kinds are shown as their table."""

import math
from collections.abc import Mapping, Sequence
from html import escape

from oryxforge.services.export.figures import Series, axis_titles, series_of
from oryxforge.services.export.transcript import cell

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 360, 64, 30, 16, 64
COLOURS = ("#2f6f5e", "#c8643c", "#3d6fb0", "#a8852c", "#7b5aa6", "#5c6670")
MOST_PLACES, MOST_POINTS, TICKS, LABELS = 200, 4000, 4, 12


def drawn(title: str, figure: Mapping[str, object]) -> str | None:
    """The figure as an SVG element of text and shapes alone; None for what is not drawn here."""
    series = [s for s in series_of(figure) if s.places]
    kinds = {s.kind for s in series}
    if not series or not kinds <= {"bar", "line", "points"} or ("bar" in kinds and len(kinds) > 1):
        return None
    values = [v for s in series for v in map(_number, s.values) if v is not None]
    places = list(dict.fromkeys(str(p) for s in series for p in s.places))
    numeric = "bar" not in kinds and all(_number(p) is not None for s in series for p in s.places)
    if (
        not values
        or (not numeric and len(places) > MOST_PLACES)
        or sum(len(s.places) for s in series) > MOST_POINTS
    ):
        return None
    plot = _Plot(series, values, places, numeric)
    across, up = axis_titles(figure)
    if any(s.lying for s in series):
        across, up = up, across
    shapes = [*plot.grid(), *plot.bars(), *plot.lines(), *plot.labels(), *plot.legend()]
    names = f"{_text(WIDTH / 2, HEIGHT - 4, across, 'middle')}{_text(LEFT, 14, up)}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title or "Chart")}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(shapes)}{names}</svg>'
    )


class _Plot:
    def __init__(
        self, series: Sequence[Series], values: Sequence[float], places: Sequence[str], numeric: bool
    ) -> None:
        self._series = series
        bars = any(s.kind == "bar" for s in series)
        self._low, self._high = min(values), max(values)
        if bars or (self._low > 0 and self._low < self._high / 3):
            self._low, self._high = min(0.0, self._low), max(0.0, self._high)
        if self._low == self._high:
            self._high = self._low + 1
        self._step = _round_step((self._high - self._low) / TICKS)
        self._low = math.floor(self._low / self._step) * self._step
        self._high = math.ceil(self._high / self._step) * self._step
        self._at = {place: n for n, place in enumerate(places)}
        self._numeric = numeric
        known = [float(p) for p in places] if numeric else []
        self._from, self._to = (min(known), max(known)) if known else (0.0, 0.0)

    def y(self, value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - self._low) / (self._high - self._low))

    def x(self, place: object) -> float:
        inner = WIDTH - LEFT - RIGHT
        if self._numeric:
            span = (self._to - self._from) or 1
            return LEFT + 8 + (inner - 16) * ((_number(place) or 0.0) - self._from) / span
        return LEFT + inner * (self._at[str(place)] + 0.5) / len(self._at)

    def grid(self) -> list[str]:
        count = round((self._high - self._low) / self._step)
        steps = [self._low + self._step * n for n in range(count + 1)]
        return [
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{self.y(v):.1f}" y2="{self.y(v):.1f}" class="grid"/>'
            f"{_text(LEFT - 6, self.y(v) + 4, _short(v), 'end')}"
            for v in steps
        ]

    def bars(self) -> list[str]:
        barred = [s for s in self._series if s.kind == "bar"]
        if not barred:
            return []
        slot = (WIDTH - LEFT - RIGHT) / len(self._at) * 0.8
        wide = slot / len(barred)
        made: list[str] = []
        for at, s in enumerate(barred):
            for place, value in _pairs(s):
                top, foot = sorted((self.y(value), self.y(max(self._low, min(0.0, self._high)))))
                left = self.x(place) - slot / 2 + at * wide
                made.append(
                    f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(wide - 1, 0.5):.1f}" '
                    f'height="{max(foot - top, 0.5):.1f}" fill="{_colour(at)}"/>'
                )
        return made

    def lines(self) -> list[str]:
        made: list[str] = []
        for at, s in enumerate(self._series):
            points = [(self.x(p), self.y(v)) for p, v in _pairs(s)] if s.kind != "bar" else []
            if s.kind == "line":
                path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
                made.append(
                    f'<polyline points="{path}" fill="none" stroke="{_colour(at)}" stroke-width="2"/>'
                )
            if s.kind == "points" or len(points) < 40:
                made += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_colour(at)}"/>' for x, y in points]
        return made

    def labels(self) -> list[str]:
        foot = HEIGHT - BOTTOM + 18
        if self._numeric:
            ends = (self._from, (self._from + self._to) / 2, self._to)
            return [_text(self.x(v), foot, _short(v), "middle") for v in ends]
        every = -(-len(self._at) // LABELS)
        room = max(6, int(96 / min(len(self._at), LABELS)))
        shown = [p for p, n in self._at.items() if n % every == 0]
        return [_text(self.x(p), foot, p, "middle", room) for p in shown]

    def legend(self) -> list[str]:
        named = [(at, s.name) for at, s in enumerate(self._series) if s.name][:6]
        if len(named) < 2:
            return []
        wide = (WIDTH - LEFT) / len(named)
        return [
            f'<rect x="{LEFT + n * wide:.0f}" y="{HEIGHT - 30}" width="10" height="10" fill="{_colour(at)}"/>'
            f"{_text(LEFT + n * wide + 15, HEIGHT - 21, name, room=20)}"
            for n, (at, name) in enumerate(named)
        ]


def _round_step(least: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 … that is not smaller."""
    size = 10.0 ** math.floor(math.log10(least))
    return next(size * n for n in (1, 2, 2.5, 5, 10, 20) if size * n >= least)


def _pairs(series: Series) -> list[tuple[object, float]]:
    pairs = ((p, _number(v)) for p, v in zip(series.places, series.values, strict=False))
    return [(p, v) for p, v in pairs if v is not None]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        made = float(value)
    except ValueError:
        return None
    return made if abs(made) < 1e300 else None


def _short(value: float) -> str:
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1000 if letter == 'k' else size):.3g}{letter}"
    return cell(float(f"{value:.4g}"))


def _text(x: float, y: float, said: str, anchor: str = "start", room: int = 10_000) -> str:
    """Words in a drawing; where there is no room for all of them, they are told whole to the pointer."""
    whole = f"<title>{escape(said)}</title>" if len(said) > room else ""
    shown = f"{said[: room - 1]}…" if whole else said
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{whole}{escape(shown)}</text>'


def _colour(at: int) -> str:
    return COLOURS[at % len(COLOURS)]
