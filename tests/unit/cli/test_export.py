"""A file that comes from a server: whole or not at all."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rich.progress import Progress

from oryxforge.cli.client import Client
from oryxforge.cli.errors import Usage
from oryxforge.cli.export import format_of, save
from oryxforge.domain.errors import Failed, NotFound, OryxError, Unavailable
from oryxforge.domain.exports import FileFormat

ROWS = b"region\nNorth\n"


class Scripted(BaseHTTPRequestHandler):
    """Answers as the body says: whole, cut after some bytes, or with a problem."""

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Exporting)
        server.asked += 1
        how = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["how"]
        body = b'{"code": "sheet_not_found", "detail": "There is none."}' if how == "refused" else ROWS
        self.send_response(404 if how == "refused" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Total-Count", "1")
        self.end_headers()
        self.wfile.write(body[:-3] if how == "cut" else body)

    def log_message(self, format: str, *args: object) -> None: ...


class Exporting(ThreadingHTTPServer):
    asked = 0


@pytest.fixture(scope="module")
def server() -> Iterator[Exporting]:
    with Exporting(("127.0.0.1", 0), Scripted) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def export(server: Exporting, how: str, file: Path) -> tuple[dict[str, object], Progress]:
    with Progress(disable=True) as progress:
        return save(
            Client(f"http://127.0.0.1:{server.server_port}", "t"), {"how": how}, file, progress
        ), progress


def test_a_file_takes_the_place_of_an_older_one(server: Exporting, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("older")
    saved, progress = export(server, "whole", file)
    assert saved == {"rows": 1, "bytes": len(ROWS)}
    assert [(t.completed, t.total) for t in progress.tasks] == [(len(ROWS), len(ROWS))]
    assert file.read_bytes() == ROWS
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("how", "error"), [("cut", Unavailable), ("refused", NotFound)])
def test_what_does_not_come_whole_leaves_the_older_file(
    server: Exporting, tmp_path: Path, how: str, error: type[OryxError]
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("older")
    with pytest.raises(error):
        export(server, how, file)
    assert file.read_text() == "older"
    assert list(tmp_path.iterdir()) == [file]


def test_a_place_that_can_not_be_written_to_is_said_before_rows_are_asked_for(
    server: Exporting, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    before = server.asked
    with pytest.raises(Failed, match="Name another place"):
        export(server, "whole", tmp_path / "file" / "rows.csv")
    with pytest.raises(Usage, match="is a folder"):
        export(server, "whole", tmp_path)
    assert server.asked == before


def test_an_ending_says_the_format() -> None:
    endings = {".csv": FileFormat.CSV, ".XLSX": FileFormat.EXCEL, ".parquet": FileFormat.PARQUET}
    assert {ending: format_of(Path(f"rows{ending}")) for ending in endings} == endings
    with pytest.raises(Usage, match=r"\.csv, \.xlsx, \.parquet"):
        format_of(Path("rows.xls"))
