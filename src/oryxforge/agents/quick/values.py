"""Words of a question found as values in the data."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast

from oryxforge.agents.quick.grammar.items import PRONOUNS, STATES, Hit
from oryxforge.agents.quick.language.lexicon import PHRASES, Role
from oryxforge.agents.quick.language.spelling import fold
from oryxforge.agents.quick.language.tokens import Token
from oryxforge.agents.quick.schema import Sheet
from oryxforge.ports.toolbox import Toolbox

LONGEST, BATCH, BATCHES = 4, 40, 3
# Where more values than that begin with a word, it names none of them.
MOST_BEGUN = 4
ALIKE: Mapping[str, tuple[str, ...]] = {
    "men": ("male", "m"), "man": ("male", "m"), "males": ("male", "m"), "boys": ("male", "m"), "male": ("m",),
    "women": ("female", "f"), "woman": ("female", "f"), "females": ("female", "f"), "girls": ("female", "f"),
    "female": ("f",), "usa": ("united states", "us"), "us": ("united states", "usa"), "uk": ("united kingdom",),
    "america": ("united states", "usa"), "britain": ("united kingdom", "uk"),
}  # fmt: skip
Spans = dict[str, list[tuple[int, int]]]


async def find_hits(
    toolbox: Toolbox, text: str, tokens: Sequence[Token], unexplained: set[int], sheets: Sequence[Sheet]
) -> list[Hit]:
    """The values that runs of unexplained tokens name, in these sheets."""
    spans = _phrases(text, tokens, unexplained)
    words = list(spans)[: BATCH * BATCHES]
    found: list[Hit] = []
    for at in range(0, len(words), BATCH):
        asked = {"words": words[at : at + BATCH], "sheets": [s.address for s in sheets]}
        result = await toolbox.call("find_values", asked)
        hits = cast(Sequence[Mapping[str, object]], result.data.get("hits", ())) if result.ok else ()
        for hit in hits:
            found += _hits(hit, spans, tokens)
    found = list(dict.fromkeys(found))
    exact = {_place(h) for h in found if h.exact}
    begun = Counter(_place(h) for h in found)
    return [h for h in found if h.exact or (_place(h) not in exact and begun[_place(h)] <= MOST_BEGUN)]


def _place(hit: Hit) -> tuple[int, int, str, str]:
    return (hit.start, hit.end, hit.sheet, hit.column)


def _phrases(text: str, tokens: Sequence[Token], unexplained: set[int]) -> Spans:
    """The phrases to look up and where each stands; longer ones and quoted ones first."""
    found: Spans = {}
    for size in range(LONGEST, 0, -1):
        for start in range(len(tokens) - size + 1):
            run = tokens[start : start + size]
            if not _worth(run, unexplained, start):
                continue
            said = run[0].text if size == 1 else text[run[0].start : run[-1].end]
            for word in _spellings(said, run):
                found.setdefault(word, []).append((start, start + size))
    return found


def _worth(run: Sequence[Token], unexplained: set[int], start: int) -> bool:
    inside = [at for at in range(start, start + len(run)) if at in unexplained]
    if not inside or any(t.kind in ("comma", "op") for t in run):
        return False
    return all(t.wordlike or t.kind == "number" for t in (run[0], run[-1])) and not any(
        _light(t) for t in (run[0], run[-1])
    )


def _light(token: Token) -> bool:
    role = PHRASES.get((token.norm,), (Role.WORD, ""))[0]
    return token.kind == "word" and token.norm not in (*PRONOUNS, *STATES) and not token.text[:1].isupper() and role in (
        Role.STOP, Role.IN, Role.BE, Role.WITH, Role.HAVE, Role.AND, Role.OR, Role.BY, Role.NOT,
    )  # fmt: skip


def _spellings(said: str, run: Sequence[Token]) -> list[str]:
    words = [said.strip()]
    if len(run) == 1 and run[0].kind == "word":
        words += [run[0].stem] if run[0].stem != run[0].norm else []
        words += ALIKE.get(run[0].norm, ())
    elif run[-1].kind == "word" and run[-1].stem != run[-1].norm and run[-1].norm.endswith("s"):
        words.append(said[: len(said) - len(run[-1].text)].strip() + " " + run[-1].stem)
    return [w for w in words if w]


def _hits(hit: Mapping[str, object], spans: Spans, tokens: Sequence[Token]) -> list[Hit]:
    word, value = str(hit["word"]), str(hit["value"])
    exact = fold(value).strip() == fold(word).strip()
    made: list[Hit] = []
    for start, end in spans.get(word, []):
        said = fold(value).strip() == fold(word) if tokens[start].norm in STATES else value.strip() == word
        if _own_word(tokens[start:end]) and not said and word not in PRONOUNS:
            continue
        if exact or _begins(value, word, tokens[start]):
            made.append(Hit(start, end, str(hit["sheet"]), str(hit["column"]), value, exact))
    return made


def _own_word(run: Sequence[Token]) -> bool:
    """Whether the words have a meaning of their own: as a value they must be spelled just so."""
    return run[0].kind != "quoted" and tuple(t.norm for t in run) in PHRASES


def _begins(value: str, word: str, token: Token) -> bool:
    """Whether a value that only begins with the word is meant: it ends at a word there, or was written as a name."""
    rest = fold(value).strip()[len(fold(word).strip()) :]
    return not rest[:1].isalnum() or token.text[:1].isupper() or token.kind == "quoted"
