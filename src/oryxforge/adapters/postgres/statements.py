"""Where the statements of an SQL script end."""

import re

TOKEN = re.compile(
    r"""
    (?P<line>--[^\n]*) | (?P<block>/\*)
    | (?P<escaped>\b[eE]'(?:[^'\\]|\\.|'')*') | (?P<quoted>'(?:[^']|'')*') | (?P<named>"(?:[^"]|"")*")
    | (?P<dollar>(?<![\w$])\$(?P<tag>[^\W\d]\w*)?\$)
    | (?P<atomic>\bbegin\s+atomic\b) | (?P<case>\bcase\b) | (?P<end>\bend\b)
    | (?P<open>\() | (?P<close>\)) | (?P<semicolon>;)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
COMMENT = re.compile(r"/\*|\*/")


def split_statements(script: str) -> list[str]:
    """The statements without their semicolons, comments kept; bodies of functions stay whole."""
    found: list[str] = []
    begin = at = brackets = atomic = 0
    while (token := TOKEN.search(script, at)) is not None:
        at = token.end()
        match token.lastgroup:
            case "block":
                at = _after_comment(script, at)
            case "dollar" | "tag":
                at = _after(script, f"${token['tag'] or ''}$", at)
            case "atomic":
                atomic += 1
            case "case" if atomic:
                atomic += 1
            case "end" if atomic:
                atomic -= 1
            case "open":
                brackets += 1
            case "close":
                brackets = max(0, brackets - 1)
            case "semicolon" if not atomic and not brackets:
                found.append(script[begin : token.start()].strip())
                begin = at
            case _:
                pass
    found.append(script[begin:].strip())
    return [statement for statement in found if statement]


def same_text(script: str, statements: list[str]) -> bool:
    """Whether recorded statements, however they were split, are those of the script."""
    return _bare(script) == _bare("".join(statements))


def _bare(text: str) -> str:
    return re.sub(r"[\s;]+", "", text)


def _after(script: str, mark: str, at: int) -> int:
    place = script.find(mark, at)
    return len(script) if place < 0 else place + len(mark)


def _after_comment(script: str, at: int) -> int:
    depth = 1
    for mark in COMMENT.finditer(script, at):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(script)
