"""The Git port over dulwich: no git program needed."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from oryxforge.domain.errors import Failed, Invalid

SCHEMES = ("https://", "ssh://", "git@", "file://", "/")


class DulwichGit:
    def is_repository(self, folder: Path) -> bool:
        return (folder / ".git").is_dir()

    def init(self, folder: Path, files: Mapping[str, str], author: str) -> str:
        from dulwich import porcelain

        folder.mkdir(parents=True, exist_ok=True)
        with porcelain.init(str(folder)):
            pass
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_text(text)
        made = self.commit(folder, "Start the project", author)
        if made is None:
            raise Failed(f"The repository in {folder.name} could not be started.", code="git_failed")
        return made

    def clone(self, url: str, folder: Path) -> str:
        from dulwich import porcelain
        from dulwich.errors import GitProtocolError, NotGitRepository

        if not url.startswith(SCHEMES):
            raise Invalid("A remote is an https, ssh or file address.", code="git_url_invalid")
        if folder.exists() and any(folder.iterdir()):
            raise Invalid(
                f"The folder {folder.name} is not empty. Name an empty or a new one.", code="folder_in_use"
            )
        try:
            with porcelain.clone(url, str(folder), errstream=BytesIO()) as repository:
                return repository.head().decode()
        except (GitProtocolError, NotGitRepository, OSError, KeyError) as error:
            raise Failed(
                "The project's repository could not be cloned. Check its address and your access.",
                code="git_failed",
            ) from error

    def commit(self, folder: Path, message: str, author: str) -> str | None:
        from dulwich import porcelain

        status = porcelain.status(str(folder), untracked_files="all")
        changed = [*status.unstaged, *status.untracked]
        if not changed and not any(status.staged.values()):
            return None
        porcelain.add(str(folder))
        name = f"{author} <{author if '@' in author else author + '@localhost'}>".encode()
        return porcelain.commit(str(folder), message=message.encode(), author=name, committer=name).decode()

    def push(self, folder: Path) -> None:
        from dulwich import porcelain
        from dulwich.errors import GitProtocolError

        try:
            porcelain.push(str(folder), outstream=BytesIO(), errstream=BytesIO())
        except (GitProtocolError, OSError, porcelain.Error) as error:
            raise Failed(
                "The remote refused the push. Pull its changes, or check your access.", code="git_failed"
            ) from error
