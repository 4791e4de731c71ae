"""`oryxforge projects`."""

from typing import Annotated

import typer

from oryxforge.cli.door import Door, command
from oryxforge.cli.finding import items
from oryxforge.cli.lazy import new_group
from oryxforge.domain.identity import Role

app = new_group("Projects and the people in them.")
members = new_group("Who shares a project.")
app.add_typer(members, name="members")

Project = Annotated[str, typer.Argument(help="Its name or id.")]
Name = Annotated[str, typer.Argument(help="The new name.")]
Email = Annotated[str, typer.Argument(help="The e-mail address of an account.")]


@command(app, "list")
def list_projects(door: Door) -> None:
    """List your projects and those shared with you."""
    found = items(door.client.get("/projects"), "projects")
    door.out.rows(found, ("name", "role", "id", "created_at"), "There is no project yet.")


@command(app)
def show(door: Door, project: Project) -> None:
    """Show one project."""
    door.out.value(door.project(project))


@command(app)
def create(door: Door, name: Name) -> None:
    """Make a project."""
    made = door.client.post("/projects", {"name": name})
    door.out.done(f"Made the project {made['name']}.", made)


@command(app)
def rename(door: Door, project: Project, name: Name) -> None:
    """Give a project another name."""
    renamed = door.client.call("PATCH", f"/projects/{door.project_id(project)}", {"name": name})
    door.out.done(f"The project is called {renamed['name']} now.", renamed)


@command(app)
def delete(door: Door, project: Project, yes: Annotated[bool, typer.Option("--yes", "-y")] = False) -> None:
    """Delete a project with everything in it."""
    found = door.project(project)
    door.confirm(f"Delete the project {found['name']} with its files, sheets and chats?", yes)
    door.client.call("DELETE", f"/projects/{found['id']}")
    door.out.done(f"Deleted the project {found['name']}.")


@command(members, "list")
def list_members(door: Door, project: Project) -> None:
    """List who shares a project."""
    found = items(door.client.get(f"/projects/{door.project_id(project)}/members"), "members")
    door.out.rows(found, ("email", "role", "user_id"), "Nobody shares it.")


@command(members)
def add(
    door: Door, project: Project, email: Email, role: Annotated[Role, typer.Option()] = Role.VIEWER
) -> None:
    """Share a project with somebody who has an account."""
    body: dict[str, object] = {"email": email, "role": role.value}
    member = door.client.post(f"/projects/{door.project_id(project)}/members", body)
    door.out.done(f"{email} is {role} now.", member)


@command(members, "set")
def set_role(door: Door, project: Project, email: Email, role: Annotated[Role, typer.Argument()]) -> None:
    """Change somebody's role."""
    path = f"/projects/{door.project_id(project)}/members"
    member = door.client.call("PATCH", path, {"email": email, "role": role.value})
    door.out.done(f"{email} is {role} now.", member)


@command(members)
def remove(door: Door, project: Project, email: Email) -> None:
    """Stop sharing a project with somebody."""
    path = f"/projects/{door.project_id(project)}/members"
    door.client.call("DELETE", path, query={"email": email})
    door.out.done(f"{email} does not share the project any more.")
