"""Budgets through the API's door; the product's agent takes 25 cents an answer."""

from integration.api.conftest import MakePerson, Team


async def test_a_project_s_budget_stops_its_questions(team: Team) -> None:
    address = f"/projects/{team.project}/budget"
    owner, editor = team.owner.client, team.editor.client
    assert (await editor.patch(address, json={"monthly_usd": 1})).status_code == 403
    assert (await team.stranger.client.get(address)).status_code == 404
    assert (await owner.patch(address, json={"monthly_usd": 0.25})).json()["project"]["left_usd"] == 0.25
    question = {"project_id": team.project, "prompt": "hello"}
    assert (await editor.post("/chat/query", json=question)).json()["cost"] == 0.25
    shown = (await editor.get(address)).json()
    assert (shown["project"]["spent_usd"], shown["left_usd"]) == (0.25, 0)
    assert shown["mine"] == {"monthly_usd": None, "spent_usd": 0.25, "left_usd": None}
    refused = await editor.post("/chat", json=question)
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_spent")
    assert (await editor.post("/chat/query", json={**question, "agent": "quick"})).status_code == 200
    assert (await owner.patch(address, json={"monthly_usd": None})).json()["left_usd"] is None
    assert (await editor.post("/chat", json=question)).status_code == 202


async def test_my_own_budget(person: MakePerson) -> None:
    ada = await person("ada")
    project = (await ada.client.post("/projects", json={"name": "Mine"})).json()["id"]
    assert (await ada.client.patch("/budgets/mine", json={"monthly_usd": 0})).json()["left_usd"] == 0
    refused = await ada.client.post("/chat", json={"project_id": project, "prompt": "hello"})
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_spent")
    listed = (await ada.client.get("/budgets")).json()
    assert listed["mine"]["monthly_usd"] == 0
    assert [(p["project_id"], p["role"], p["spent_usd"]) for p in listed["projects"]] == [
        (project, "owner", 0)
    ]
    for wrong in (-1, 1e9, "much"):
        assert (await ada.client.patch("/budgets/mine", json={"monthly_usd": wrong})).status_code == 422
