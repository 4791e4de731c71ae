"""Realtime of the embedded mode, and what it knows of our tables."""

from oryxforge.adapters.postgres.publication import FOLLOWED
from oryxforge.embedded.gateway.callers import Callers
from oryxforge.embedded.gateway.realtime.app import Realtime, RealtimeSettings
from oryxforge.embedded.gateway.realtime.sight import Scopes
from oryxforge.settings import Settings

# The read policies of these tables ask nothing of a row but its project, and of projects and members who is in it.
OF_A_PROJECT = FOLLOWED - {"projects"}
SCOPES = Scopes(
    seen_by={("public", table): "project_id" for table in OF_A_PROJECT},
    rights={("public", "project_members"): "project_id", ("public", "projects"): "id"},
)


def make_realtime(settings: Settings, callers: Callers) -> Realtime | None:
    """None where no login of Realtime is given."""
    url = settings.database_realtime_url
    if url is None:
        return None
    return Realtime(RealtimeSettings(url.get_secret_value(), SCOPES), callers)
