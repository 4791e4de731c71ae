"""What every Store does where chats are looked for."""

from contracts.backends import Backend
from contracts.refusals import refused
from contracts.scene import Team, ask, asked, chat_now, chats_in, claim, make_chat, texts
from oryxforge.domain.chats import Chat, ChatMode, ChatStatus, Piece, PieceKind
from oryxforge.domain.errors import NotFound
from oryxforge.domain.finding import Hit, Place
from oryxforge.domain.runs import RunKind
from oryxforge.ports.runs import Batch, Ending


async def told(backend: Backend, team: Team, question: str, *answer: str, title: str = "Chat") -> Chat:
    """A chat with that title, question and answer."""
    async with backend.store.transaction(team.editor) as tx:
        chat = await tx.chats.create(team.project, title, "quick", ChatMode.EXPLORE)
    await tell(backend, team, chat, question, *answer)
    return await chat_now(backend, team, chat)


async def tell(backend: Backend, team: Team, chat: Chat, question: str, *answer: str) -> None:
    keeper = backend.keeper()
    held, fence = await claim(keeper, await ask(backend.store, team.editor, chat, question))
    await keeper.append([texts(fence, held.next_seq, *answer)])
    await keeper.finish(fence, Ending(ChatStatus.COMPLETED))
    await backend.advance(1)


async def find(backend: Backend, team: Team, *words: str) -> list[Hit]:
    async with backend.store.transaction(team.viewer) as tx:
        return await tx.chats.search(team.project, words, None, 100)


async def ids(backend: Backend, team: Team, *words: str) -> list[object]:
    return [h.chat.id for h in await find(backend, team, *words)]


async def test_found_by_title_question_and_answer(backend: Backend, team: Team) -> None:
    first = await told(backend, team, "How MUCH in Köln?", "Nothing ", "at all.", title="Sales by Region")
    second = await told(backend, team, "Anything else?", "Europe leads in sales.")
    assert await ids(backend, team, "sales") == [second.id, first.id]
    assert await ids(backend, team, "region") == [first.id]
    assert await ids(backend, team, "much") == [first.id]
    assert await ids(backend, team, "köln") == [first.id]
    assert await ids(backend, team, "europe", "leads") == [second.id]
    assert await ids(backend, team, "europe", "nothing") == []
    assert await ids(backend, team) == [second.id, first.id]


async def test_a_word_cut_by_two_pieces_is_found(backend: Backend, team: Team) -> None:
    chat = await told(backend, team, "?", "The rev", "enue", " grew.")
    assert await find(backend, team, "revenue") == [Hit(chat, "? The revenue grew.")]


async def test_signs_of_patterns_mean_themselves(backend: Backend, team: Team) -> None:
    chat = await told(backend, team, "100% of a_b", "is c\\\\d")
    for word in ("100%", "a_b", "c\\\\d"):
        assert await ids(backend, team, word) == [chat.id]
    for word in ("100_", "a%b", "%", "\\\\\\\\d"):
        assert await ids(backend, team, word) == ([chat.id] if word == "%" else [])


async def test_the_snippet_stands_around_the_first_word(backend: Backend, team: Team) -> None:
    around = "word " * 40
    await told(backend, team, "Tell", f"{around}NEEDLE {around}")
    (hit,) = await find(backend, team, "needle")
    assert hit.snippet is not None
    assert hit.snippet.startswith("…word word")
    assert hit.snippet.endswith("word…")
    assert "NEEDLE" in hit.snippet
    assert len(hit.snippet) <= 202


async def test_a_title_has_no_snippet(backend: Backend, team: Team) -> None:
    chat = await make_chat(backend.store, team.editor, team.project)
    assert await find(backend, team, "about") == [Hit(chat)]
    assert await find(backend, team) == [Hit(chat)]


async def test_what_was_superseded_is_not_found(backend: Backend, team: Team) -> None:
    keeper = backend.keeper()
    chat = await told(backend, team, "How much?", "wrong")
    async with backend.store.transaction(team.editor) as tx:
        seq = await tx.chats.ask_again(chat.id, 1, "quick", ChatMode.EXPLORE)
        run = await tx.runs.create(RunKind.CHAT, team.project, chat.id, seq + 1, {"seq": 1})
    held, fence = await claim(keeper, run)
    step = Piece(PieceKind.TOOL_USE, metadata={"input": {"sql": "select hidden"}})
    await keeper.append([Batch(fence, held.next_seq, [step, Piece.text("right")])])
    await keeper.finish(fence, Ending(ChatStatus.COMPLETED))
    assert await ids(backend, team, "wrong") == []
    assert await ids(backend, team, "hidden") == []
    assert await ids(backend, team, "right") == [chat.id]


async def test_a_branch_is_found_by_what_was_copied(backend: Backend, team: Team) -> None:
    chat = await told(backend, team, "How much?", "enough")
    async with backend.store.transaction(team.editor) as tx:
        made = await tx.chats.branch(chat.id, 3, "B")
    assert set(await ids(backend, team, "enough")) == {chat.id, made.id}


async def test_a_stopped_answer_is_found_and_a_deleted_chat_is_not(backend: Backend, team: Team) -> None:
    chat, run = await asked(backend, team)
    await claim(backend.keeper(), run)
    async with backend.store.transaction(team.editor) as tx:
        await tx.runs.cancel(run.id)
    assert await ids(backend, team, "much") == [chat.id]
    async with backend.store.transaction(team.editor) as tx:
        await tx.chats.delete(chat.id)
    assert await ids(backend, team, "much") == []


async def test_the_chat_that_moved_last_comes_first(backend: Backend, team: Team) -> None:
    first = await told(backend, team, "one", "1")
    second = await told(backend, team, "two", "2")
    assert [c.id for c in await chats_in(backend, team)] == [second.id, first.id]
    await tell(backend, team, first, "three", "3")
    assert [c.id for c in await chats_in(backend, team)] == [first.id, second.id]
    async with backend.store.transaction(team.editor) as tx:
        await tx.chats.rename(second.id, "Renamed")
    assert [c.id for c in await chats_in(backend, team)] == [first.id, second.id]


async def test_pages(backend: Backend, team: Team) -> None:
    made = [await told(backend, team, f"question {n}", "same") for n in range(5)]
    expected = [c.id for c in reversed(made)]
    for words in ([], ["same"]):
        seen: list[object] = []
        place: Place | None = None
        while True:
            async with backend.store.transaction(team.viewer) as tx:
                page = await tx.chats.search(team.project, words, place, 2)
            if not page:
                break
            seen += [h.chat.id for h in page]
            place = Place.from_text(Place.of(page[-1].chat).to_text())
        assert seen == expected


async def test_a_stranger_finds_nothing(backend: Backend, team: Team) -> None:
    await told(backend, team, "secret", "answer")
    async with refused(backend.store, team.stranger, NotFound) as tx:
        await tx.chats.search(team.project, ["secret"], None, 10)
    async with backend.store.transaction(team.stranger) as tx:
        other = await tx.projects.create("Mine", "mine")
        assert await tx.chats.search(other.id, ["secret"], None, 10) == []
