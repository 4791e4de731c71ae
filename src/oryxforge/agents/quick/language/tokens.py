"""A question cut into tokens, each knowing where it stands in the text."""

import re
from dataclasses import dataclass

from oryxforge.agents.quick.language.spelling import fold, parts, stem

PIECE = re.compile(
    r"""
    (?P<quoted>"[^"\n]{1,200}"|`[^`\n]{1,200}`|“[^”\n]{1,200}”|«[^»\n]{1,200}»|(?<![\w])'[^'\n]{1,200}'(?!\w))
  | (?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)|\d{1,2}\.\d{1,2}\.\d{4}(?!\d)|\d{4}-(?:0[1-9]|1[0-2])(?!\d|-))
  | (?P<quarter>[qQ][1-4](?!\w))
  | (?P<number>(?<![\w.)])-?(?:[$€£]\s?)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s?(?:%|[kKmM](?!\w)|bn(?!\w))?(?!\w))
  | (?P<op><=|>=|!=|<>|==|≥|≤|≠|[<>=])
  | (?P<dash>(?<=[\d\s])[-–—](?=[\d\s]))
  | (?P<comma>[,;&+])
  | (?P<percent>%)
  | (?P<word>[^\W_]+(?:['’][^\W\d_]+)?)
    """,
    re.VERBOSE,
)
SCALES = {"k": 1e3, "m": 1e6, "bn": 1e9}
SCALE_WORDS = {
    "thousand": 1e3,
    "million": 1e6,
    "millions": 1e6,
    "mio": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "billions": 1e9,
}
NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen",
)  # fmt: skip
COUNTS = {word: number for number, word in enumerate(NUMBER_WORDS)} | {
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
    "hundred": 100,
    "dozen": 12,
}


@dataclass(frozen=True)
class Token:
    """`text` as typed, `norm` folded, `start` and `end` its place in the question; `number` where it is one."""

    kind: str
    text: str
    norm: str
    start: int
    end: int
    number: float | None = None

    @property
    def stem(self) -> str:
        return stem(self.norm)

    @property
    def wordlike(self) -> bool:
        return self.kind in ("word", "quoted")


def tokenise(text: str) -> list[Token]:
    found: list[Token] = []
    for match in PIECE.finditer(text):
        kind = str(match.lastgroup)
        if kind == "word":
            found += _words(match[0], match.start())
        elif kind == "quoted":
            inner = match[0][1:-1].strip()
            if inner:
                found.append(Token(kind, inner, fold(inner), match.start(), match.end()))
        elif kind == "number":
            found += _number(match[0], match.start())
        else:
            found.append(Token(kind, match[0], fold(match[0]), match.start(), match.end()))
    return _scaled(found, text)


def _scaled(tokens: list[Token], text: str) -> list[Token]:
    """`100 million` as one number."""
    made: list[Token] = []
    for token in tokens:
        scale = SCALE_WORDS.get(token.norm)
        before = made[-1] if made else None
        if scale and before is not None and before.number is not None:
            said = text[before.start : token.end]
            made[-1] = Token("number", said, fold(said), before.start, token.end, before.number * scale)
        else:
            made.append(token)
    return made


def _words(text: str, start: int) -> list[Token]:
    """A word, its 's dropped, cut where camel case cuts it."""
    plain = re.sub(r"['’]s$", "", text)
    found: list[Token] = []
    at = 0
    for part in parts(plain):
        norm = fold(part).replace("’", "'")
        count = COUNTS.get(norm)
        found.append(
            Token(
                "word",
                part,
                norm,
                start + at,
                start + at + len(part),
                float(count) if count is not None else None,
            )
        )
        at += len(part)
    return found


def _number(text: str, start: int) -> list[Token]:
    bare = re.sub(r"[$€£,\s]", "", text).lower()
    unit = re.search(r"(%|bn|[km])$", bare)
    value = float(bare[: unit.start()] if unit else bare) * SCALES.get(unit[1] if unit else "", 1)
    kept = text.rstrip()
    return [Token("number", kept, fold(kept), start, start + len(kept), value)]
