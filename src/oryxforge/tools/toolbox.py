"""A Toolbox of everything that an agent may do."""

from oryxforge.services.analysis import Analysis
from oryxforge.services.answers import Workplace
from oryxforge.services.artifacts import Artifacts
from oryxforge.tools import artifacts as artifact_tools
from oryxforge.tools import sheets, sql
from oryxforge.tools.catalogue import BoundTools, Context

ALL = (*sheets.TOOLS, *sql.TOOLS, *artifact_tools.TOOLS)


class Tools:
    """Makes toolboxes over the same services."""

    def __init__(self, analysis: Analysis, artifacts: Artifacts) -> None:
        self._analysis = analysis
        self._artifacts = artifacts

    def at(self, place: Workplace) -> BoundTools:
        return BoundTools(ALL, Context(place, self._analysis, self._artifacts))
