"""From a real file to a streamed answer: upload, preview, import, load, ask quick, ask Claude through the stub."""

import io
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import Workbook

from stubs.messages_api import MessagesStub, in_thread, say, use
from survival.product import Product

CSV = "region,day,amount\n" + "".join(
    f"{region},2024-0{month}-15,{amount}\n"
    for month in range(1, 7)
    for region, amount in (("North", 10 * month), ("South", 20.5), ("East", 5))
)


def workbook() -> bytes:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "People"
    for row in (("id", "name", "zip"), (1, "Ada", "00501"), (2, "Émile", "10001")):
        first.append(row)
    second = book.create_sheet("Visits 2024")
    for row in (("id", "visits"), (1, 3), (2, None)):
        second.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


@pytest.fixture(scope="module")
def stub() -> Generator[MessagesStub]:
    with in_thread() as served:
        yield served


@pytest.fixture(scope="module")
def client(stub: MessagesStub, tmp_path_factory: pytest.TempPathFactory) -> Generator[httpx.Client]:
    folder: Path = tmp_path_factory.mktemp("whole")
    product = Product(
        folder,
        {"ANTHROPIC_API_KEY": "test", "ANTHROPIC_BASE_URL": stub.url, "ORYXFORGE_AGENT": "quick"},
    )
    product.start()
    with httpx.Client(base_url=product.url, headers=product.headers, timeout=60) as made:
        yield made
    product.stop()


@pytest.fixture(scope="module")
def project(client: httpx.Client) -> str:
    return ok(client.post("/projects", json={"name": "Whole path"}), 201)["id"]


def ok(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def upload(client: httpx.Client, project: str, name: str, body: bytes) -> dict[str, Any]:
    files = {"file": (name, body)}
    return ok(client.post("/files/upload", data={"project_id": project}, files=files), 201)


def import_all(
    client: httpx.Client, project: str, source: str, dataset: str, sheets: dict[str, str]
) -> dict[str, Any]:
    body = {
        "project_id": project,
        "data_source_id": source,
        "settings_save": {"createNewDataset": True, "datasetName": dataset, "selectedSheets": sheets},
        "settings_load": {},
    }
    return ok(client.post("/files/import", json=body))


def messages(client: httpx.Client, chat_id: str) -> list[dict[str, Any]]:
    return ok(client.get(f"/chats/{chat_id}/messages"))["messages"]


def kinds(rows: list[dict[str, Any]]) -> list[str]:
    return [r["kind"] for r in rows]


def test_a_csv_becomes_a_sheet(client: httpx.Client, project: str) -> None:
    source = upload(client, project, "sales.csv", CSV.encode())
    assert source["type"] == "csv"
    body = {"project_id": project, "data_source_id": source["id"]}
    preview = ok(client.post("/files/preview", json=body))
    (sheet,) = preview.values()
    assert sheet["headers"] == ["region", "day", "amount"]
    assert sheet["data"][0] == ["North", "2024-01-15", 10.0]
    done = import_all(client, project, source["id"], "Sales 2024", {next(iter(preview)): "Orders"})
    assert list(done["datasheet_ids"]) == ["Orders"]
    body = {"project_id": project, "name_python": "sales_2024.Orders"}
    head = ok(client.post("/data/load-dataframe", json=body))
    assert head["headers"] == ["region", "day", "amount"]
    assert len(head["data"]) == 18


def test_a_workbook_becomes_two_sheets(client: httpx.Client, project: str) -> None:
    source = upload(client, project, "club.xlsx", workbook())
    body = {"project_id": project, "data_source_id": source["id"]}
    preview = ok(client.post("/files/preview", json=body))
    assert list(preview) == ["People", "Visits 2024"]
    done = import_all(
        client, project, source["id"], "Club", {"People": "People", "Visits 2024": "Visits 2024"}
    )
    assert len(done["datasheet_ids"]) == 2
    body = {"project_id": project, "name_python": "club.People"}
    assert ok(client.post("/data/load-dataframe", json=body))["data"] == [
        [1, "Ada", "00501"],
        [2, "Émile", "10001"],
    ]
    body = {"project_id": project, "name_python": "club.Visits2024"}
    assert ok(client.post("/data/load-dataframe", json=body))["data"] == [[1, 3], [2, None]]


def test_quick_answers_with_a_table_and_its_code(client: httpx.Client, project: str) -> None:
    body = {"project_id": project, "prompt": "total amount by region", "agent": "quick"}
    answer = ok(client.post("/chat/query", json=body))
    rows = messages(client, answer["chat_id"])
    assert rows[0]["role"] == "user"
    assert rows[0]["content"] == "total amount by region"
    artifact = next(
        r["metadata"] for r in rows if r["kind"] == "artifact" and r["metadata"]["type"] == "table"
    )
    assert sorted((r[0], float(r[1])) for r in artifact["table"]["data"]) == [
        ("East", 30.0),
        ("North", 210.0),
        ("South", 123.0),
    ]
    provenance = artifact["provenance"]
    assert "sum" in provenance["code"].lower()
    assert provenance["reads"][0]["sheet"] == "sales_2024.Orders"
    assert provenance["reads"][0]["content_hash"]
    assert answer["response"] == "".join(r["content"] for r in rows[1:])
    loaded = ok(
        client.post("/data/load-dataframe", json={"project_id": project, "name_python": artifact["sheet"]})
    )
    assert len(loaded["data"]) == 3


def test_claude_answers_by_a_tool_call(client: httpx.Client, project: str, stub: MessagesStub) -> None:
    sql = "select region, sum(amount) as total from sales_2024.Orders group by region order by total desc"
    stub.script(use("save_table", {"name": "Totals", "sql": sql}), say("North leads ", "with 210."))
    body = {"project_id": project, "prompt": "Which region leads?", "agent": "claude"}
    answer = ok(client.post("/chat/query", json=body))
    assert answer["response"] == "North leads with 210."
    assert answer["cost"] > 0
    rows = messages(client, answer["chat_id"])
    assert [k for k in kinds(rows) if k != "text"] == ["tool_use", "tool_result", "artifact"]
    artifact = next(r["metadata"] for r in rows if r["kind"] == "artifact")
    assert artifact["table"]["data"][0][0] == "North"
    assert artifact["provenance"]["code"] == sql
    assert ok(client.get(f"/chats/{answer['chat_id']}"))["status"] == "completed"


def test_a_follow_up_remembers_what_was_said(client: httpx.Client, project: str, stub: MessagesStub) -> None:
    stub.script(say("Forty-two."))
    body = {"project_id": project, "prompt": "Remember the number 42.", "agent": "claude"}
    first = ok(client.post("/chat/query", json=body))
    stub.script(say("You said 42."))
    body = {"project_id": project, "prompt": "Which number?", "chat_id": first["chat_id"]}
    second = ok(client.post("/chat/query", json=body))
    assert second["chat_id"] == first["chat_id"]
    assert second["response"] == "You said 42."
    said = "\n".join(text for _, text in stub.texts(-1))
    assert "Remember the number 42." in said
    assert "Forty-two." in said
