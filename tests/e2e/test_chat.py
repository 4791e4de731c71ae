"""A chat on the page: asked, streamed, stopped, reloaded, seen by two, cut off and back."""

import asyncio
import re
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest_asyncio
from playwright.async_api import Route, ViewportSize, expect

from e2e.chat_room import Room, ask, fits, log, prompt, room_of
from e2e.conftest import PHONE, Visit, views, violations
from integration.api.product import Product

ALL_SIX = "0 1 2 3 4 5"
FIRST_THREE = "0 1 2"


@pytest_asyncio.fixture(loop_scope="session")
async def room(product: Product) -> AsyncGenerator[Room]:
    async with room_of(product) as room:
        yield room


async def test_an_answer_streams(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    await expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    gate = uuid4().hex
    await ask(page, f"count 6 {gate}")
    await expect(page).to_have_url(re.compile(r"[?&]c="))
    await expect(log(page)).to_contain_text(FIRST_THREE)
    await expect(page.get_by_role("button", name="Stop")).to_be_visible()
    await expect(page.get_by_role("button", name="Copy the answer")).to_be_hidden()
    room.product.gates.of(gate).set()
    await expect(log(page)).to_contain_text(ALL_SIX)
    await expect(page.get_by_role("button", name="Copy the answer")).to_be_visible()
    await expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    await ask(page, "Thank you")
    await expect(log(page)).to_contain_text("Thank you (")
    assert await violations(page) == []


async def test_a_reload_in_the_middle_shows_all(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    gate = uuid4().hex
    await ask(page, f"count 6 {gate}")
    await expect(log(page)).to_contain_text(FIRST_THREE)
    await prompt(page).fill("Half typed")
    await page.reload()
    await expect(log(page)).to_contain_text(FIRST_THREE)
    await expect(prompt(page)).to_have_value("Half typed")
    room.product.gates.of(gate).set()
    await expect(log(page)).to_contain_text(ALL_SIX)


async def test_two_browsers_see_one_chat(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    gate = uuid4().hex
    await ask(page, f"count 6 {gate}")
    await expect(page).to_have_url(re.compile(r"[?&]c="))
    other = await room.enter(await visit(viewport=PHONE), page.url)
    await expect(log(other)).to_contain_text(FIRST_THREE)
    room.product.gates.of(gate).set()
    for one in (page, other):
        await expect(log(one)).to_contain_text(ALL_SIX)
        await expect(one.get_by_role("button", name="Copy the answer")).to_be_visible()
    await ask(other, "And now?")
    await expect(log(page)).to_contain_text("And now? (")


async def test_stopping_keeps_what_was_written(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    await ask(page, "hang")
    await expect(log(page)).to_contain_text("before")
    await page.keyboard.press("Escape")
    await expect(log(page)).to_contain_text("Stopped. What was written stays.")
    await expect(log(page)).to_contain_text("before")
    await expect(page.get_by_role("button", name="Ask again")).to_be_visible()
    assert await violations(page) == []


async def test_an_answer_that_failed_is_asked_again(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    await ask(page, "fail")
    alert = log(page).get_by_role("alert")
    await expect(alert).to_contain_text("The model's service refused the key; set another.")
    assert await violations(page) == []
    await alert.get_by_role("button", name="Ask again").click()
    await expect(log(page)).to_contain_text("so far")
    await expect(alert).to_be_visible()


@views("desk-light", "phone-dark")
async def test_steps_and_results(visit: Visit, room: Room, viewport: ViewportSize, scheme: str) -> None:
    await room.add_orders()
    page = await room.enter(await visit(viewport=viewport, color_scheme=scheme))
    await ask(page, "select region, sum(amount) as total from sales.Orders group by all")
    step = page.get_by_role("button", name="Asked the data")
    await step.click()
    await expect(page.get_by_role("group", name="Code in sql")).to_contain_text("group by all")
    await expect(page.get_by_role("heading", name="SQL result")).to_be_visible()
    assert await violations(page) == []
    assert await fits(page)
    await page.get_by_role("button", name="Open SQL result").click()
    await expect(page).to_have_url(re.compile(r"[?&]a="))
    panel = page.get_by_role("tabpanel", name="Table")
    await expect(panel).to_contain_text("South")
    assert await violations(page) == []
    assert await fits(page)
    await page.emulate_media(media="print")
    await expect(panel.get_by_role("cell", name="South")).to_be_in_viewport()
    await expect(panel.get_by_text("All 3 rows are printed.")).to_be_visible()
    await expect(panel.get_by_role("grid")).to_be_hidden()
    await expect(log(page)).to_be_hidden()
    await expect(page.get_by_role("tablist")).to_be_hidden()
    await page.emulate_media(media="screen")
    await page.get_by_role("button", name="Close").click()
    await expect(panel).to_be_hidden()
    await page.go_back()
    await expect(panel).to_be_visible()


async def test_a_choice_is_asked(visit: Visit, room: Room) -> None:
    named = {"name": f"A name that is much too long for a phone {uuid4().hex}"}
    (await room.owner.client.patch(f"/projects/{room.project_id}", json=named)).raise_for_status()
    page = await room.enter(await visit(viewport=PHONE))
    bar = page.get_by_role("banner").get_by_text(named["name"])
    assert await bar.evaluate("(e) => e.getClientRects().length === 1 && e.offsetHeight < 32")
    assert await fits(page)
    await ask(page, "choose north south")
    await page.get_by_role("button", name="South", exact=True).click()
    await expect(log(page)).to_contain_text("south (")
    await expect(page.get_by_role("button", name="North", exact=True)).to_be_hidden()
    assert await violations(page) == []


async def test_a_question_is_changed_in_a_new_chat(visit: Visit, room: Room) -> None:
    chat = await room.asked("count 3")
    page = await room.enter(await visit(), f"{room.address}&c={chat}")
    await expect(log(page)).to_contain_text(FIRST_THREE)
    await ask(page, "Hello there")
    await expect(log(page)).to_contain_text("Hello there (")
    change = page.get_by_role("button", name="Change the question")
    await expect(change).to_have_count(2)
    await change.last.click()
    await page.get_by_role("textbox", name="Changed question").fill("Hello you")
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(log(page)).to_contain_text("Hello you (")
    await expect(log(page)).to_contain_text(FIRST_THREE)
    await expect(log(page)).not_to_contain_text("Hello there")
    assert chat not in page.url
    await page.go_back()
    await expect(log(page)).to_contain_text("Hello there (")


async def test_an_answer_is_given_anew_and_copied(visit: Visit, room: Room) -> None:
    chat = await room.asked("count 3")
    visitor = await visit()
    await visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await room.enter(visitor, f"{room.address}&c={chat}")
    await page.get_by_role("button", name="Copy the answer").click()
    assert await page.evaluate("navigator.clipboard.readText()") == FIRST_THREE
    await page.get_by_role("button", name="Answer anew").click()
    await expect(page.get_by_text("$0.50")).to_be_visible()
    await expect(page.get_by_role("button", name="Answer anew")).to_be_visible()
    assert (await log(page).inner_text()).count(FIRST_THREE) == 1


async def test_a_chat_is_renamed(visit: Visit, room: Room) -> None:
    chat = await room.asked("hello")
    page = await room.enter(await visit(), f"{room.address}&c={chat}")
    await page.get_by_role("main").get_by_role("button", name="More about hello").click()
    await page.get_by_role("menuitem", name="Rename").click()
    name = page.get_by_role("textbox", name="Name of the chat")
    await expect(name).to_be_focused()
    await name.fill("Greetings")
    await name.press("Enter")
    await expect(page.get_by_role("heading", name="Greetings")).to_be_visible()
    await expect(page.get_by_role("complementary", name="Sidebar").get_by_text("Greetings")).to_be_visible()


async def test_offline_and_back(visit: Visit, room: Room) -> None:
    chat = await room.asked("hello")
    visitor = await visit()
    page = await room.enter(visitor, f"{room.address}&c={chat}")
    await expect(log(page)).to_contain_text("hello (")
    await visitor.context.set_offline(True)
    await expect(page.get_by_text("You are offline. Answers go on without you")).to_be_visible()
    await prompt(page).fill("And now?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("form", name="Ask").get_by_role("alert")).to_contain_text("You are offline")
    await expect(prompt(page)).to_have_value("And now?")
    assert await violations(page) == []
    await visitor.context.set_offline(False)
    await expect(page.get_by_text("You are offline. Answers go on without you")).to_be_hidden()
    await page.keyboard.press("Enter")
    await expect(log(page)).to_contain_text("And now? (")
    visitor.complaints.clear()


async def test_a_sheet_is_named_by_keyboard(visit: Visit, room: Room) -> None:
    await room.add_orders()
    page = await room.enter(await visit())
    await prompt(page).press_sequentially("sum of @ord")
    await expect(page.get_by_role("option", name="sales.Orders")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(prompt(page)).to_have_value("sum of @sales.Orders ")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("by region")
    await expect(prompt(page)).to_have_value("sum of @sales.Orders \nby region")


async def test_a_file_is_attached(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    file = {"name": "returns.csv", "mimeType": "text/csv", "buffer": b"region,amount\nNorth,1\n"}
    await page.get_by_label("Files to attach").set_input_files([file])  # pyright: ignore[reportArgumentType]
    await expect(prompt(page)).to_have_value("@sources.Returns ", timeout=20_000)
    await expect(page.get_by_role("list", name="Attached files")).to_be_hidden()


async def test_a_viewer_reads(visit: Visit, room: Room) -> None:
    chat = await room.asked("hello")
    email, password = f"{uuid4().hex[:8]}@example.org", "a good long password"
    accounts = room.product.api.services.accounts
    assert accounts is not None
    await room.product.within(lambda: accounts.create(email, password))
    body = {"email": email, "role": "viewer"}
    (await room.owner.client.post(f"/projects/{room.project_id}/members", json=body)).raise_for_status()
    page = await (await visit()).open(f"{room.address}&c={chat}")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(log(page)).to_contain_text("hello (")
    await expect(page.get_by_text("You may read this project's chats.")).to_be_visible()
    await expect(prompt(page)).to_be_hidden()
    assert await violations(page) == []


async def test_a_chat_that_is_not_there(visit: Visit, room: Room) -> None:
    visitor = await visit()
    page = await room.enter(visitor)
    await page.goto(f"{room.address}&c={uuid4()}")
    await expect(page.get_by_role("heading", name="This chat is not here")).to_be_visible()
    assert await violations(page) == []
    visitor.complaints.clear()


async def test_two_chats_at_once(visit: Visit, room: Room) -> None:
    page = await room.enter(await visit())
    gate = uuid4().hex
    await ask(page, f"count 6 {gate}")
    await expect(log(page)).to_contain_text(FIRST_THREE)
    await page.get_by_role("link", name="New chat").click()
    await expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    await ask(page, "Another one")
    await expect(log(page)).to_contain_text("Another one (")
    room.product.gates.of(gate).set()
    await page.get_by_role("link", name=f"count 6 {gate}").click()
    await expect(log(page)).to_contain_text(ALL_SIX)
    await expect(log(page)).not_to_contain_text("Another one")


MARKDOWN = (
    """## Sales

They rose.[^1]

##### North

- [x] counted
- [ ] summed

| region | amount |
|---|---|
| North | 1 |

| region | share |
|---|---|
| North | 100 % |

"""
    + "And so on. " * 80
    + "\n\n[^1]: By a half."
)


async def test_all_of_markdown(visit: Visit, room: Room) -> None:
    chat = await room.asked(MARKDOWN)
    page = await room.enter(await visit(), f"{room.address}&c={chat}")
    await expect(log(page).get_by_role("heading", name="North")).to_have_count(1)
    # Questions out of sight are not there: this one always is.
    await expect(log(page).get_by_role("heading").first).to_have_text("Conversation")
    assert await violations(page) == []


async def test_one_chat_after_another(visit: Visit, room: Room) -> None:
    asked = ["first", "second", "third"]
    chats = [await room.asked(question) for question in asked]
    page = await room.enter(await visit(), f"{room.address}&c={chats[0]}")
    title = page.get_by_role("main").get_by_role("heading", level=1)
    for question in asked[1:]:
        await page.get_by_role("link", name=question, exact=True).click()
        await expect(log(page)).to_contain_text(f"{question} (")
        await expect(title).to_have_text([question])
    for question in asked[1::-1]:
        await page.go_back()
        await expect(log(page)).to_contain_text(f"{question} (")
        await expect(title).to_have_text([question])


async def test_a_question_waits_for_its_file(visit: Visit, room: Room) -> None:
    page, let = await room.enter(await visit()), asyncio.Event()

    async def hold(route: Route) -> None:
        await let.wait()
        await route.continue_()

    await page.route("**/files/import", hold)
    file = {"name": "returns.csv", "mimeType": "text/csv", "buffer": b"region,amount\nNorth,1\n"}
    await page.get_by_label("Files to attach").set_input_files([file])  # pyright: ignore[reportArgumentType]
    await expect(page.get_by_text("is being imported")).to_be_visible()
    await expect(page.get_by_role("region", name="Uploads")).to_be_hidden()
    await prompt(page).fill("What is in it?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your question goes as soon as the file is here.")).to_be_visible()
    assert await violations(page) == []
    let.set()
    await expect(log(page)).to_contain_text("What is in it? @sources.Returns (", timeout=20_000)
    await expect(prompt(page)).to_have_value("")
