"""A chat as a document: whatever was said stays text."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from uuid import UUID

import pytest
from markdown_it import MarkdownIt

from oryxforge.adapters.markup import MarkdownHtml
from oryxforge.domain.chats import Chat, ChatMessage, ChatMode, ChatStatus, MessageRole, PieceKind
from oryxforge.services.export.chats import file_name
from oryxforge.services.export.drawing import drawn
from oryxforge.services.export.markdown import to_markdown
from oryxforge.services.export.notebook import literal, to_notebook
from oryxforge.services.export.page import to_html
from oryxforge.services.export.transcript import Transcript, turns_of

ID, NOW = UUID(int=7), datetime(2026, 3, 4, tzinfo=UTC)
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3)) ![b](http://e.vil/c.png) | `x` ](y) "
    "**bold** </textarea></style> {{7*7}} $x$ http://e.vil www.e.vil"
)


def say(role: MessageRole, kind: PieceKind, content: str = "", **told: object) -> tuple[object, ...]:
    return (role, kind, content, told)


def question(text: str) -> tuple[object, ...]:
    return say(MessageRole.USER, PieceKind.TEXT, text)


def piece(kind: str, content: str = "", **told: object) -> tuple[object, ...]:
    return say(MessageRole.ASSISTANT, PieceKind(kind), content, **told)


def told(*pieces: tuple[object, ...], title: str = "About sales") -> Transcript:
    messages = [
        ChatMessage(ID, ID, seq, 1, role, kind, content, metadata, NOW)  # type: ignore[arg-type]
        for seq, (role, kind, content, metadata) in enumerate(pieces, 1)
    ]
    chat = Chat(
        ID, ID, ID, title, "quick", ChatMode.EXPLORE, ChatStatus.COMPLETED, None, 0, 0, NOW, None, None, NOW
    )
    return Transcript(chat, "Sales", turns_of(messages))


def bar(**more: object) -> dict[str, object]:
    trace = {"type": "bar", "name": EVIL, "x": ["North", EVIL], "y": [3.5, 7]}
    return {"data": [{**trace, **more}], "layout": {"xaxis": {"title": {"text": EVIL}}, "title": EVIL}}


TABLE = {"headers": ["region", EVIL], "types": [], "data": [["North", EVIL], [None, 2.5]], "total": 40}
HOSTILE = told(
    question(EVIL + "\n\n# not a heading\n- not a list"),
    piece("notice", code="reading", text=EVIL),
    piece("tool_use", id="1", tool="run_sql", input={"sql": f"select '```{EVIL}'"}),
    piece("tool_result", id="1", ok=False, text=EVIL),
    piece("text", EVIL),
    piece("artifact", type="table", title=EVIL, table=TABLE),
    piece("artifact", type="chart", title=EVIL, chart=bar()),
    piece(
        "artifact",
        type="chart",
        title=EVIL,
        chart={"data": [{"type": "pie", "labels": [EVIL], "values": [1]}]},
    ),
    piece("artifact", type="report", title=EVIL, text=EVIL),
    piece("question", text=EVIL, choices=[]),
    title=EVIL,
)


class Tags(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Mapping[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harmless(page: str) -> None:
    for tag, attributes in Tags(page).found:
        assert tag not in ("script", "img", "iframe", "object", "base", "form", "link")
        assert not [name for name in attributes if name.startswith("on")]
        assert not (attributes.get("href") or "").lower().startswith(("javascript", "data"))


def test_a_page_holds_no_element_that_was_typed() -> None:
    page = to_html(HOSTILE, MarkdownHtml())
    harmless(page)
    assert "default-src 'none'" in page
    assert page.count("</style>") == 1
    assert "alert(1)" in page


def test_markdown_shows_what_was_typed_as_text() -> None:
    text = to_markdown(HOSTILE)
    page = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    harmless(page.replace("<img", "<IMG" if "e.vil/c.png" not in page else "<img-of-the-answer"))
    tags = [tag for tag, _ in Tags(page).found]
    assert tags.count("h1") == 1
    assert "li" not in tags
    assert "alert(1)" in page


def test_a_notebook_holds_the_same() -> None:
    cells = json.loads(to_notebook(HOSTILE))["cells"]
    assert {c["cell_type"] for c in cells} == {"markdown"}
    assert len({c["id"] for c in cells}) == len(cells)


SALES = told(
    question("total amount by region"),
    piece("notice", code="reading", text="Sum of amount by region."),
    piece("tool_use", id="1", tool="run_sql", input={"sql": 'select sum(amount) from "sales"."Orders"'}),
    piece("tool_result", id="1", ok=True, text="2 rows"),
    piece(
        "artifact",
        type="table",
        title="By region",
        table={"headers": ["region", "sum"], "data": [["North", 3.0]], "total": 1},
    ),
    piece("artifact", type="chart", title="By region", chart=bar(name="sum", x=["North"], y=[3])),
    piece("text", "North has "),
    piece("text", "the **most**."),
    question("and now?"),
    piece("text", "The same."),
)


def test_markdown_tells_a_chat_in_order() -> None:
    text = to_markdown(SALES)
    parts = ["# About sales", "> total amount by region", "*Sum of amount by region.*", "```sql\nselect sum", "| North | 3 |",
             "North has the **most**.", "> and now?", "The same."]  # fmt: skip
    places = [text.index(p) for p in parts]
    assert places == sorted(places)


def test_a_page_draws_a_chart() -> None:
    page = to_html(SALES, MarkdownHtml())
    assert "<svg" in page
    assert "<strong>most</strong>" in page
    assert page.count("<section>") == 2


def test_tables_of_a_page_scroll_by_themselves() -> None:
    names = [f"column_{n}" for n in range(12)]
    wide = piece("artifact", type="table", title="Wide", table={"headers": names, "data": [], "total": 0})
    page = to_html(told(wide, piece("text", "| a | b |\n|---|---|\n| 1 | 2 |")), MarkdownHtml())
    around = re.findall(r'<div class="([^"]+)" tabindex="0"><table>', page)
    assert around == ["scroll wide", "scroll"]
    assert page.count("</table></div>") + page.count("</table>\n</div>") == page.count("<table>") == 2


def test_tasks_of_a_page_are_ticked_or_not() -> None:
    page = MarkdownHtml().html("- [ ] the *East*\n- [x] the West\n- [y] no\n\n[x] none")
    assert re.findall(r'<li class="task">([^\n]+)</li>', page) == ["☐ the <em>East</em>", "☑ the West"]
    assert ("[y] no" in page, "<p>[x] none</p>" in page) == (True, True)


def test_footnotes_of_a_page_lead_to_their_own_text() -> None:
    markup = MarkdownHtml()
    texts = ["The East[^1] sold most.\n\n[^1]: In the *year*.\n", "The West[^1].\n\n[^1]: Not <b>all</b>.\n"]
    page = "".join(markup.html(text) for text in texts)
    assert "[^1]" not in page
    assert "<b>" not in page
    refs, notes = re.findall(r'href="#(fn-[^"]+)"', page), re.findall(r'id="(fn-[^"]+)"', page)
    assert refs == notes
    assert len(set(notes)) == 2
    assert set(re.findall(r'href="#(fnref-[^"]+)"', page)) == set(re.findall(r'id="(fnref-[^"]+)"', page))
    assert "[^2]" in markup.html("No note[^2].")


def test_a_notebook_has_the_sql_as_code() -> None:
    notebook = json.loads(to_notebook(SALES))
    code = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    assert (notebook["nbformat"], notebook["nbformat_minor"], len(code)) == (4, 5, 2)
    for cell in code:
        compile(cell, "cell", "exec")


@pytest.mark.parametrize(
    "sql", ["select 1", 'select """', "select '\\n'", "select 'a'\n  from b", "select '\r\x07'"]
)
def test_sql_in_a_cell_keeps_its_characters(sql: str) -> None:
    assert eval(literal(sql)).strip("\n") == sql


@pytest.mark.parametrize(
    "trace",
    [
        {"type": "bar", "x": ["a", "b"], "y": [1, -2]},
        {"type": "bar", "orientation": "h", "y": ["a", "b"], "x": [1, 2]},
        {"type": "scatter", "mode": "lines+markers", "x": ["2024-01-01", "2024-02-01"], "y": [1, None]},
        {"type": "scatter", "mode": "markers", "x": [1, 2.5], "y": ["3", 4]},
        {"type": "bar", "x": ["a"], "y": [0]},
        {
            "type": "scatter",
            "mode": "markers",
            "x": [1, 2],
            "y": {"dtype": "f8", "bdata": "AAAAAAAA8D8AAAAAAAAAQA=="},
        },
    ],
)
def test_charts_that_are_drawn(trace: dict[str, object]) -> None:
    svg = drawn("A & B", {"data": [trace]})
    assert svg is not None
    ET.fromstring(svg)


def test_a_name_without_room_is_told_whole_to_the_pointer() -> None:
    names = [f"Konami Digital Entertainment {n}" for n in range(12)]
    svg = drawn("Sums", {"data": [{"type": "bar", "x": names, "y": list(range(12))}]})
    assert svg is not None
    assert "<title>Konami Digital Entertainment 3</title>Konami …</text>" in svg
    assert [t.text for t in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}title")] == names


@pytest.mark.parametrize(
    "figure",
    [{}, {"data": None}, {"data": ["x"]}, {"data": [{"type": "heatmap", "z": [[1]]}]}, {"data": [{"x": ["a"], "y": ["b"]}]}],
)  # fmt: skip
def test_charts_that_are_not_drawn(figure: dict[str, object]) -> None:
    assert drawn("x", figure) is None


@pytest.mark.parametrize(
    ("title", "name"),
    [("Total by région?", "Total-by-region"), ("../../etc/passwd", "etc-passwd"), ('a"\r\nb', "a-b"), ("☃", "chat"), ("x" * 300, "x" * 80)],
)  # fmt: skip
def test_names_of_files(title: str, name: str) -> None:
    assert file_name(title) == name or title == "☃"
    assert file_name(title).replace("-", "").isalnum()
