"""Puts the built page into the wheel. An editable install takes it from web/out instead."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        page = runpy.run_path(str(Path(self.root) / "scripts" / "build_page.py"))
        try:
            out = page["build"](Path(self.root))
        except page["PageNotBuilt"] as error:
            self.app.display_warning(str(error))
            return
        build_data["force_include"][str(out)] = "oryxforge/site"
