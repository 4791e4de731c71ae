"""Charts as files: the Plotly figure as JSON, and a page that shows it without a network."""

import json
import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from oryxforge.domain.errors import Failed

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>html,body,#chart{{height:100%;margin:0}}</style></head>
<body><div id="chart"></div><script>{library}</script>
<script>var figure = {figure}; Plotly.newPlot("chart", figure.data, figure.layout, {{responsive: true}});</script>
</body></html>
"""


def make_folder(folder: Path) -> None:
    """Makes the folder for charts, before anything is asked. Raises Failed where nothing can be written there."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(folder, "Permission denied")


def save_charts(charts: Sequence[Mapping[str, object]], folder: Path) -> list[Path]:
    """Writes chart-1.json and chart-1.html and so on; what it wrote. Raises Failed where it can't."""
    make_folder(folder)
    written: list[Path] = []
    for number, chart in enumerate(charts, 1):
        text = json.dumps(chart, ensure_ascii=False, default=str)
        for path, content in (
            (folder / f"chart-{number}.json", text),
            (folder / f"chart-{number}.html", _page(chart, text)),
        ):
            with _writing(folder):
                path.write_text(content)
            written.append(path)
    return written


@contextmanager
def _writing(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(folder, error.strerror or str(error)) from error


def _unwritable(folder: Path, why: str) -> Failed:
    return Failed(f"Charts can't be saved in {folder}: {why}. Name another folder.", code="not_saved")


def _page(chart: Mapping[str, object], text: str) -> str:
    from plotly.offline import get_plotlyjs

    figure = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return PAGE.format(title=_title(chart), library=get_plotlyjs(), figure=figure)


def _title(chart: Mapping[str, object]) -> str:
    layout = chart.get("layout")
    title = cast("Mapping[str, object]", layout).get("title") if isinstance(layout, Mapping) else None
    if isinstance(title, Mapping):
        title = cast("Mapping[str, object]", title).get("text")
    plain = str(title or "Chart")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
