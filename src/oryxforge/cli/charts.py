"""Charts as files: the Plotly figure as JSON, and a page that shows it without a network."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>html,body,#chart{{height:100%;margin:0}}</style></head>
<body><div id="chart"></div><script>{library}</script>
<script>var figure = {figure}; Plotly.newPlot("chart", figure.data, figure.layout, {{responsive: true}});</script>
</body></html>
"""


def save_charts(charts: Sequence[Mapping[str, object]], folder: Path) -> list[Path]:
    """Writes chart-1.json and chart-1.html and so on; what it wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for number, chart in enumerate(charts, 1):
        text = json.dumps(chart, ensure_ascii=False, default=str)
        for path, content in (
            (folder / f"chart-{number}.json", text),
            (folder / f"chart-{number}.html", _page(chart, text)),
        ):
            path.write_text(content)
            written.append(path)
    return written


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
