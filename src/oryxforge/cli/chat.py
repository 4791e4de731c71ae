"""`oryxforge chat`."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, cast
from uuid import uuid4

import typer

from oryxforge.cli.answers import AnswerPrinter
from oryxforge.cli.client import Client, JsonObject
from oryxforge.cli.door import Door, ProjectOption, command
from oryxforge.cli.finding import items
from oryxforge.cli.lazy import new_group
from oryxforge.domain.chats import ChatMode
from oryxforge.domain.errors import Failed, Invalid, OryxError, Unavailable

TRIES = 20
PAGE = 500

app = new_group("Chats: ask, follow, show, cancel.")

ChatId = Annotated[str, typer.Argument(help="The chat's id.")]


@command(app)
def ask(
    door: Door,
    question: Annotated[str, typer.Argument(help="In plain words, or SQL.")],
    project: ProjectOption = None,
    chat: Annotated[str | None, typer.Option(help="Go on in this chat.")] = None,
    agent: Annotated[str | None, typer.Option(help="claude or quick.")] = None,
    mode: Annotated[ChatMode, typer.Option()] = ChatMode.EXPLORE,
    target: Annotated[str | None, typer.Option(help="The sheet to work on, dataset.Sheet.")] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Only start it; print the chat's id.")] = False,
) -> None:
    """Ask a question; the answer streams. Ctrl-C stops watching, not the answer."""
    given = {"chat_id": chat, "agent": agent, "target": target}
    body: dict[str, object] = {"project_id": door.project_id(project), "prompt": question, "mode": mode.value}
    body |= {name: value for name, value in given.items() if value is not None}
    started = door.client.post("/chat", body, {"Idempotency-Key": str(uuid4())})
    if no_wait:
        door.out.done(str(started["chat_id"]), started)
        return
    _follow(door, str(started["chat_id"]), after_question=True)


@command(app)
def follow(door: Door, chat: ChatId) -> None:
    """Print a chat's messages as they come, until its answer ends."""
    _follow(door, chat, after_question=False)


@command(app, "list")
def list_chats(door: Door, project: ProjectOption = None) -> None:
    """List a project's chats."""
    found = items(door.client.get("/chats", project_id=door.project_id(project)), "chats")
    columns = ("id", "title", "agent", "status", "active_at")
    door.out.rows(found, columns, "There is no chat yet.")


@command(app)
def show(door: Door, chat: ChatId) -> None:
    """Print a chat's messages."""
    messages = _messages(door.client, chat, 0)
    if door.out.as_json:
        door.out.json({**door.client.get(f"/chats/{chat}"), "messages": messages})
        return
    printer = AnswerPrinter(door.out)
    for message in messages:
        _print(door, printer, message)
    printer.end()


@command(app)
def search(
    door: Door,
    words: Annotated[str, typer.Argument(help="All of them must stand in the title or the text.")],
    project: ProjectOption = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """Find chats by words of their title, questions and answers."""
    found = items(
        door.client.get("/chats", project_id=door.project_id(project), search=words, limit=limit), "chats"
    )
    door.out.rows(found, ("id", "title", "snippet", "active_at"), "No chat has these words.")


@command(app)
def regenerate(door: Door, chat: ChatId) -> None:
    """Answer a chat's last question anew; the earlier answer counts no more."""
    door.client.post(f"/chats/{chat}/regenerate", {}, {"Idempotency-Key": str(uuid4())})
    _follow(door, chat, after_question=True)


@command(app)
def branch(
    door: Door,
    chat: ChatId,
    seq: Annotated[int, typer.Argument(help="Copy what counts before this message.")],
    question: Annotated[str | None, typer.Argument(help="Ask this in the new chat at once.")] = None,
) -> None:
    """Go on from the middle of a chat, in a new one."""
    body: dict[str, object] = {"seq": seq} if question is None else {"seq": seq, "prompt": question}
    made = door.client.post(f"/chats/{chat}/branch", body, {"Idempotency-Key": str(uuid4())})
    if question is None:
        door.out.done(str(made["chat_id"]), made)
        return
    _follow(door, str(made["chat_id"]), after_question=True)


@command(app)
def export(
    door: Door,
    chat: ChatId,
    file: Annotated[Path, typer.Argument(help="Ends in .md, .html or .ipynb.")],
) -> None:
    """Save a chat as Markdown, as a web page or as a Jupyter notebook."""
    wanted = file.suffix.lower().removeprefix(".")
    if wanted not in ("md", "html", "ipynb"):
        raise Invalid("Name a file that ends in .md, .html or .ipynb.", code="format_unknown")
    body = door.client.fetch(f"/chats/{chat}/export?format={wanted}", None, "*/*")
    try:
        file.write_bytes(body)
    except OSError as error:
        why = error.strerror or str(error)
        raise Failed(f"{file} can't be written: {why}. Name another place.", code="not_saved") from error
    door.out.done(f"Saved {file}.", {"file": str(file), "bytes": len(body)})


@command(app)
def cancel(door: Door, chat: ChatId) -> None:
    """Stop a chat's answer; what was written stays."""
    cancelled = door.client.post(f"/chat/{chat}/cancel", {})
    door.out.done(f"The chat is {cancelled['status']}.", cancelled)


@command(app)
def rename(door: Door, chat: ChatId, title: Annotated[str, typer.Argument()]) -> None:
    """Give a chat another title."""
    renamed = door.client.call("PATCH", f"/chats/{chat}", {"title": title})
    door.out.done(f"The chat is called {renamed['title']} now.", renamed)


@command(app)
def delete(
    door: Door, chat: ChatId, yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False
) -> None:
    """Delete a chat; an answer under way is stopped."""
    door.confirm("Delete the chat?", yes)
    door.client.call("DELETE", f"/chats/{chat}")
    door.out.done("Deleted the chat.")


def _follow(door: Door, chat_id: str, *, after_question: bool) -> None:
    """The chat's events to its end; a cut stream is taken up where it was cut."""
    printer = AnswerPrinter(door.out)
    last_id: str | None = f"{chat_id}:{_last_question(door.client, chat_id)}" if after_question else None
    ended: JsonObject | None = None
    tries = 0
    while ended is None:
        try:
            with door.client.events("GET", f"/chats/{chat_id}/stream", after=last_id) as events:
                for event in events:
                    tries = 0
                    last_id = event.id or last_id
                    told = cast("JsonObject", json.loads(event.data))
                    if event.name == "end":
                        ended = told
                        break
                    if event.name == "error":
                        raise Failed(str(told.get("detail")), code=str(told.get("code")))
                    _print(door, printer, told)
        except Unavailable:
            tries += 1
            if tries > TRIES:
                raise
            time.sleep(min(0.1 * tries, 1))
    printer.end()
    _finish(door, printer, ended)


def _finish(door: Door, printer: AnswerPrinter, chat: JsonObject) -> None:
    cost, took = cast("float", chat["cost_usd"]), cast("int", chat["duration_ms"])
    if chat["status"] == "failed":
        raise _failure(chat)
    if door.out.as_json:
        told = printer.collected.to_json(str(chat["agent"]), cost, took)
        door.out.json({"chat_id": chat["id"], "status": chat["status"], **told})
    else:
        spent = f", {cost:.4f} US dollars" if cost else ""
        door.out.note(f"({chat['agent']}, {chat['status']}, {took} ms{spent}, chat {chat['id']})")


def _failure(chat: JsonObject) -> OryxError:
    error = cast("Mapping[str, object]", chat["error"] or {})
    return Failed(
        str(error.get("detail") or "The answer failed."),
        code=str(error.get("code") or "failed"),
        extra={"chat_id": chat["id"]},
    )


def _print(door: Door, printer: AnswerPrinter, message: JsonObject) -> None:
    content = str(message["content"])
    if message["role"] == "user":
        printer.end()
        door.out.note(f"> {content}")
        return
    printer.piece(str(message["kind"]), content, cast("Mapping[str, object]", message["metadata"]))


def _messages(client: Client, chat_id: str, after: int) -> list[JsonObject]:
    found: list[JsonObject] = []
    following: int | None = after
    while following is not None:
        page = client.get(f"/chats/{chat_id}/messages", after=following, limit=PAGE)
        found += items(page, "messages")
        following = cast("int | None", page["next"])
    return found


def _last_question(client: Client, chat_id: str) -> int:
    """Where the answer begins: after the last question, or after the notice that it was asked again."""
    asked = [m for m in _messages(client, chat_id, 0) if m["role"] == "user" or _is_restart(m)]
    return cast("int", asked[-1]["seq"]) if asked else 0


def _is_restart(message: JsonObject) -> bool:
    told = cast("Mapping[str, object]", message["metadata"])
    return message["kind"] == "notice" and told.get("code") == "attempt_restarted"
