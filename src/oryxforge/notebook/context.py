"""The context: one user and one project, fixed when it is made."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from oryxforge.bootstrap.notebook import Desk, open_desk
from oryxforge.domain.errors import NotFound
from oryxforge.domain.identity import Actor
from oryxforge.domain.projects import Project
from oryxforge.notebook.loop import Loop
from oryxforge.settings import Settings


class Connection:
    """An open connection to an installation, as one user. Close it, or use it in a `with` block."""

    def __init__(self, settings: Settings | None = None, email: str | None = None) -> None:
        self.settings = settings or Settings()  # pyright: ignore[reportCallIssue]
        self.loop = Loop()
        try:
            self.desk: Desk = self.loop.run(open_desk(self.settings, email))
        except BaseException:
            self.loop.close()
            raise

    @property
    def actor(self) -> Actor:
        return self.desk.actor

    def close(self) -> None:
        self.loop.run(self.desk.close())
        self.loop.close()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True)
class ProjectContext:
    """A user's view of one project; `folder` is its git repository on this machine, where there is one."""

    connection: Connection
    project: Project
    folder: Path | None = None

    @property
    def project_id(self) -> UUID:
        return self.project.id

    @property
    def actor(self) -> Actor:
        return self.connection.actor

    @staticmethod
    def open(connection: Connection, project: str) -> "ProjectContext":
        """The project of that name or id. Raises NotFound that lists the names there are."""
        projects = connection.loop.run(connection.desk.projects.all(connection.actor))
        for found in projects:
            if project in (found.name, found.name_git, str(found.id)):
                return ProjectContext(connection, found)
        names = ", ".join(p.name for p in projects) or "none yet"
        raise NotFound(f"There is no project {project!r}. There is: {names}.", code="project_not_found")
