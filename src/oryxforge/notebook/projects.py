"""Projects and their git repositories, from Python."""

from pathlib import Path

from oryxforge.adapters.git.repository import DulwichGit
from oryxforge.domain.errors import Invalid, NotFound
from oryxforge.domain.projects import Project
from oryxforge.notebook.context import Connection, ProjectContext

TASKS = '"""The tasks of this project: one file a dataset, one class a derived sheet."""\n'
IGNORED = "data/\n__pycache__/\n.ipynb_checkpoints/\n"


class ProjectService:
    """Projects of one user.

    >>> with Connection() as connection:
    ...     context = ProjectService(connection).project_init("Sample project", target="sample")
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._git = DulwichGit()

    def projects_list(self) -> list[Project]:
        desk = self._connection.desk
        return self._connection.loop.run(desk.projects.all(desk.actor))

    def project_create(self, name: str) -> Project:
        """Raises Conflict where there is one of that name."""
        desk = self._connection.desk
        return self._connection.loop.run(desk.projects.create(desk.actor, name))

    def project_init(self, project: str, target: str | Path | None = None) -> ProjectContext:
        """Makes the project if there is none, and its git repository in `target` (a folder named after it by default).

        A project with a remote is cloned; a folder that holds the repository already is taken as it is.
        Raises Invalid where the folder holds something else.
        """
        try:
            context = ProjectContext.open(self._connection, project)
        except NotFound:
            self.project_create(project)
            context = ProjectContext.open(self._connection, project)
        folder = Path(target) if target is not None else Path.cwd() / context.project.name_git
        self._repository(context.project, folder)
        return ProjectContext(self._connection, context.project, folder.resolve())

    def _repository(self, project: Project, folder: Path) -> None:
        if self._git.is_repository(folder):
            return
        if project.git_path:
            self._git.clone(project.git_path, folder)
            return
        if folder.exists() and any(folder.iterdir()):
            raise Invalid(
                f"The folder {folder} is not empty. Name an empty or a new one.", code="folder_in_use"
            )
        files = {
            "README.md": f"# {project.name}\n",
            ".gitignore": IGNORED,
            "tasks/__init__.py": TASKS,
            "exploration/.gitkeep": "",
        }
        self._git.init(folder, files, self._connection.actor.email or "oryxforge")
