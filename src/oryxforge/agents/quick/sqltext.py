"""Whether a question is SQL."""

import re

FENCE = re.compile(r"^\s*```(?:sql)?\s*\n(.*?)\n?\s*```\s*$", re.DOTALL | re.IGNORECASE)
COMMENT = re.compile(r"^\s*(?:--[^\n]*(?:\n|$)|/\*.*?\*/)", re.DOTALL)
SQL = re.compile(
    r"""\s*(?:
        select\b(?=.*\bfrom\b|\s+[\d'("*\[{-]|\s+\w+\s*\(|\s+(?:case\s+when|(?:date|time|timestamp|interval)\s*'|(?:true|false|null|current_\w+)\b))
      | with\s+(?:recursive\s+)?("[^"]+"|\w+)\s*(?:\([^)]*\)\s*)?as\s*(?:materialized\s*)?\(
      | (?:describe|summarize)\s+(?:select|with|from)\b
      | from\s+("?\w+"?\.)?"?\w+"?\s*(?:;|$|select\b|where\b|limit\b|group\b|order\b|join\b)
      | values\s*\(
      | pivot\s+\S+\s+on\b
      | (?:insert\s+into|update\s+\S+\s+set|delete\s+from|drop\s+(?:table|schema|database|view)|create\s+(?:or\s+replace\s+)?(?:table|view|schema)
         |alter\s+table|truncate\s+|attach\s+|copy\s+\S+\s+(?:to|from)|install\s+\w+\s*;?$|load\s+'|pragma\s+|set\s+\w+\s*=|explain\s+(?:select|analyze|with))
    )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
LONGEST = 100_000


def sql_of(prompt: str) -> str | None:
    """The statement, without a fence around it; None where the prompt is no SQL."""
    if len(prompt) > LONGEST:
        return None
    fenced = FENCE.match(prompt)
    text = fenced[1] if fenced else prompt
    bare = text
    while found := COMMENT.match(bare):
        bare = bare[found.end() :]
    if not SQL.match(bare) or (_english(bare) and not fenced):
        return None
    return text.strip()


def _english(text: str) -> bool:
    """`select the top 5 orders from Europe` is a question."""
    return bool(re.match(r"\s*select\s+(?:the|all\s+the|me|only|top|every|some)\b", text, re.IGNORECASE))
