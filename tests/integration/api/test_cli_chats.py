"""Chats on the command line, over the running product."""

import json
from pathlib import Path

from integration.api.conftest import Command, Team


async def test_search_regenerate_branch_export(command: Command, team: Team, tmp_path: Path) -> None:
    body = {"project_id": team.project, "prompt": "Where is the TREASURE?"}
    chat = (await team.owner.client.post("/chat/query", json=body)).json()["chat_id"]

    code, out, err = command("chat", "search", "treasure", "--project", team.project, "--json")
    assert (code, [c["id"] for c in json.loads(out)]) == (0, [chat]), err

    code, out, err = command("chat", "regenerate", chat, "--json")
    assert (code, json.loads(out)["status"]) == (0, "completed"), err
    assert json.loads(out)["answer"].startswith("Where is the TREASURE? (0 before")

    code, out, err = command("chat", "branch", chat, "1", "count 2", "--json")
    assert (code, json.loads(out)["answer"]) == (0, "0 1"), err
    assert json.loads(out)["chat_id"] != chat

    file = tmp_path / "chat.md"
    code, out, err = command("chat", "export", chat, str(file))
    assert (code, file.read_text().splitlines()[0]) == (0, "# Where is the TREASURE?"), err
    code, _, err = command("chat", "export", chat, str(tmp_path / "chat.pdf"))
    assert code != 0
    assert ".ipynb" in err
