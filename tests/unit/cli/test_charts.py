"""Charts as files."""

import json
import os
from pathlib import Path

import pytest

from oryxforge.cli.charts import make_folder, save_charts
from oryxforge.domain.errors import Failed


def test_a_chart_is_kept_as_json_and_as_a_page_without_a_network(tmp_path: Path) -> None:
    figure = {"data": [{"type": "bar", "x": ["</script>"], "y": [1]}], "layout": {"title": {"text": "A & B"}}}
    written = save_charts([figure], tmp_path / "charts")
    assert [p.name for p in written] == ["chart-1.json", "chart-1.html"]
    assert json.loads(written[0].read_text()) == figure
    page = written[1].read_text()
    assert "<title>A &amp; B</title>" in page
    assert 'src="http' not in page
    assert "\\u003c/script>" in page


def test_a_folder_that_can_not_be_written_to_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failed, match="Name another folder"):
        make_folder(tmp_path / "file" / "charts")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_belongs_to_others_is_said_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Failed, match="Permission denied"):
        save_charts([{"data": []}], tmp_path)
