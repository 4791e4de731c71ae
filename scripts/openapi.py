"""Writes the API's description, which the page's types are made from: python scripts/openapi.py [OUT.json]"""

import json
import sys
import tempfile
from pathlib import Path

from oryxforge.api.app import create_app
from oryxforge.bootstrap.api import make_api
from oryxforge.settings import Settings


def description() -> str:
    """As JSON; nothing is connected to."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.model_validate(
            {"data": Path(folder), "database_url": "postgresql://nobody@127.0.0.1:1/none"}
        )
        return json.dumps(create_app(make_api(settings), settings).openapi(), indent=1, sort_keys=True)


if __name__ == "__main__":
    out = description()
    Path(sys.argv[1]).write_text(out) if sys.argv[1:] else sys.stdout.write(out)
