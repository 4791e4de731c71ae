"""Which messages of a chat count."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from oryxforge.domain.chats import ChatMessage, MessageRole, PieceKind, counting

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ID = UUID(int=1)


def message(seq: int, content: str = "", role: MessageRole = MessageRole.ASSISTANT) -> ChatMessage:
    return ChatMessage(ID, ID, seq, 1, role, PieceKind.TEXT, content, {}, NOW)


def user(seq: int) -> ChatMessage:
    return message(seq, "?", MessageRole.USER)


def notice(seq: int, **metadata: object) -> ChatMessage:
    return ChatMessage(ID, ID, seq, 2, MessageRole.ASSISTANT, PieceKind.NOTICE, "", metadata, NOW)


def restart(seq: int, question: int) -> ChatMessage:
    return notice(seq, code="attempt_restarted", supersedes_after=question, counts_from=seq)


def seqs(*messages: ChatMessage) -> list[int]:
    return [m.seq for m in counting(list(messages))]


def test_without_a_restart_everything_counts() -> None:
    assert seqs() == []
    assert seqs(user(1), message(2), message(3)) == [1, 2, 3]


def test_a_restart_supersedes_the_answer_but_not_its_question() -> None:
    assert seqs(user(1), message(2), message(3), restart(4, 1), message(5)) == [1, 4, 5]


def test_a_second_restart_supersedes_the_first_one_too() -> None:
    assert seqs(user(1), message(2), restart(3, 1), message(4), restart(5, 1), message(6)) == [1, 5, 6]


def test_earlier_answers_stay() -> None:
    assert seqs(user(1), message(2), user(3), message(4), restart(5, 3), message(6)) == [1, 2, 3, 5, 6]


def test_a_restart_before_anything_was_written_supersedes_nothing() -> None:
    assert seqs(user(1), restart(2, 1), message(3)) == [1, 2, 3]


def test_other_notices_supersede_nothing() -> None:
    assert seqs(user(1), message(2), notice(3, code="budget_low", supersedes_after=1)) == [1, 2, 3]


def test_a_restart_that_does_not_say_from_where_supersedes_nothing() -> None:
    assert seqs(user(1), message(2), notice(3, code="attempt_restarted")) == [1, 2, 3]


def test_text_that_looks_like_a_restart_is_text() -> None:
    odd = ChatMessage(
        ID,
        ID,
        3,
        1,
        MessageRole.ASSISTANT,
        PieceKind.TEXT,
        "",
        {"code": "attempt_restarted", "supersedes_after": 0},
        NOW,
    )
    assert seqs(user(1), message(2), odd) == [1, 2, 3]


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), max_size=4))
def test_of_each_answer_the_last_attempt_counts(answers: list[list[int]]) -> None:
    """Answers as the numbers of pieces that their attempts wrote."""
    written: list[ChatMessage] = []
    expected: list[int] = []
    for attempts in answers:
        question = user(len(written) + 1)
        written.append(question)
        expected.append(question.seq)
        last: list[int] = []
        for number, size in enumerate(attempts):
            attempt = [restart(len(written) + 1, question.seq)] if number else []
            attempt += [message(len(written) + len(attempt) + n + 1) for n in range(size)]
            written += attempt
            last = [m.seq for m in attempt]
        expected += last
    assert seqs(*written) == expected
