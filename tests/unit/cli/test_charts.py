"""Charts as files."""

import json
from pathlib import Path

from oryxforge.cli.charts import save_charts


def test_a_chart_is_kept_as_json_and_as_a_page_without_a_network(tmp_path: Path) -> None:
    figure = {"data": [{"type": "bar", "x": ["</script>"], "y": [1]}], "layout": {"title": {"text": "A & B"}}}
    written = save_charts([figure], tmp_path / "charts")
    assert [p.name for p in written] == ["chart-1.json", "chart-1.html"]
    assert json.loads(written[0].read_text()) == figure
    page = written[1].read_text()
    assert "<title>A &amp; B</title>" in page
    assert 'src="http' not in page
    assert "\\u003c/script>" in page
