"""Chats on the command line, over the running product."""

import asyncio
import json
import os
import sys
from pathlib import Path

from integration.api.conftest import Team
from integration.api.product import Product


async def run(product: Product, team: Team, *arguments: str) -> tuple[int, str, str]:
    token = product.token(team.owner.id, team.owner.email)
    settings = {"ORYXFORGE_URL": product.url, "ORYXFORGE_TOKEN": token, "ORYXFORGE_PROJECT": team.project}
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "oryxforge", "chat", *arguments),
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await program.communicate()
    return program.returncode or 0, out.decode(), err.decode()


async def test_search_regenerate_branch_export(product: Product, team: Team, tmp_path: Path) -> None:
    body = {"project_id": team.project, "prompt": "Where is the TREASURE?"}
    chat = (await team.owner.client.post("/chat/query", json=body)).json()["chat_id"]

    code, out, err = await run(product, team, "search", "treasure", "--project", team.project, "--json")
    assert (code, [c["id"] for c in json.loads(out)]) == (0, [chat]), err

    code, out, err = await run(product, team, "regenerate", chat, "--json")
    assert (code, json.loads(out)["status"]) == (0, "completed"), err
    assert json.loads(out)["answer"].startswith("Where is the TREASURE? (0 before")

    code, out, err = await run(product, team, "branch", chat, "1", "count 2", "--json")
    assert (code, json.loads(out)["answer"]) == (0, "0 1"), err
    assert json.loads(out)["chat_id"] != chat

    file = tmp_path / "chat.md"
    code, out, err = await run(product, team, "export", chat, str(file))
    assert (code, file.read_text().splitlines()[0]) == (0, "# Where is the TREASURE?"), err
    code, _, err = await run(product, team, "export", chat, str(tmp_path / "chat.pdf"))
    assert code != 0
    assert ".ipynb" in err
