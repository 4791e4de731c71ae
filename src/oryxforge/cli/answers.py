"""An answer on the terminal: its text as it comes, its tables and charts, or all of it as JSON at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from oryxforge.cli.output import Output

SHOWN_ROWS = 50
NUMERIC = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "REAL", "NUMERIC", "HUGEINT")


@dataclass
class Collected:
    """What an answer had, gathered from its pieces."""

    text: list[str] = field(default_factory=list[str])
    readings: list[str] = field(default_factory=list[str])
    tables: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    charts: list[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])
    choices: list[object] = field(default_factory=list[object])
    sql: list[str] = field(default_factory=list[str])

    def to_json(self, agent: str, cost_usd: float, duration_ms: int) -> dict[str, object]:
        """Cost in US dollars, duration in milliseconds."""
        told: dict[str, object] = {
            "agent": agent,
            "answer": "".join(self.text).strip(),
            "reading": "\n".join(self.readings) or None,
            "tables": self.tables,
            "charts": self.charts,
            "sql": ";\n".join(self.sql) or None,
            "cost": cost_usd,
            "duration": duration_ms,
        }
        return {**told, "choices": self.choices} if self.choices else told


class AnswerPrinter:
    """Takes pieces one by one; prints them unless the output is JSON, and gathers them."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._mid_line = False
        self.collected = Collected()

    def piece(self, kind: str, content: str, metadata: Mapping[str, object]) -> None:
        if kind == "text":
            self._text(content)
        elif kind == "artifact":
            self._artifact(metadata)
        elif kind == "question":
            self._question(metadata)
        elif kind == "notice":
            self._notice(metadata)
        elif kind == "tool_use":
            self._tool_use(metadata)

    def end(self) -> None:
        """Ends the last line."""
        if self._mid_line and not self._out.as_json:
            self._out.text("\n")
        self._mid_line = False

    def _text(self, content: str) -> None:
        self.collected.text.append(content)
        if not self._out.as_json:
            self._out.text(content)
            self._mid_line = not content.endswith("\n")

    def _notice(self, metadata: Mapping[str, object]) -> None:
        said = str(metadata.get("text", ""))
        if metadata.get("code") == "reading":
            self.collected.readings.append(said)
        elif metadata.get("code") == "attempt_restarted":
            self.collected = Collected()
        self._note(said)

    def _question(self, metadata: Mapping[str, object]) -> None:
        choices = cast("Sequence[Mapping[str, object]]", metadata.get("choices", ()))
        self.collected.choices += choices
        said = str(metadata.get("text", ""))
        self.collected.text.append(f"\n{said}" if self.collected.text else said)
        self.end()
        if not self._out.as_json:
            self._out.done(said)
            for choice in choices:
                self._out.done(f"  - {choice.get('prompt') or choice.get('label')}")

    def _tool_use(self, metadata: Mapping[str, object]) -> None:
        given = metadata.get("input")
        sql = cast("Mapping[str, object]", given).get("sql") if isinstance(given, Mapping) else None
        self._sql(sql)

    def _artifact(self, metadata: Mapping[str, object]) -> None:
        provenance = metadata.get("provenance")
        if isinstance(provenance, Mapping):
            self._sql(cast("Mapping[str, object]", provenance).get("code"))
        table, chart = metadata.get("table"), metadata.get("chart")
        title = str(metadata.get("title") or "")
        if isinstance(table, Mapping):
            self._table(title, cast("Mapping[str, object]", table))
        if isinstance(chart, Mapping):
            self.collected.charts.append(cast("Mapping[str, object]", chart))
            self._note(f"Chart: {title} (--save DIR keeps it)" if title else "A chart (--save DIR keeps it)")

    def _table(self, title: str, table: Mapping[str, object]) -> None:
        self.collected.tables.append({"title": title, **table})
        if self._out.as_json:
            return
        self.end()
        headers = cast("Sequence[str]", table["headers"])
        data = cast("Sequence[Sequence[object]]", table["data"])
        types = cast("Sequence[str]", table.get("types", ()))
        total = cast("int", table.get("total", len(data)))
        if title:
            self._note(title)
        self._out.table(headers, data[:SHOWN_ROWS], [t.upper().startswith(NUMERIC) for t in types])
        if total > min(len(data), SHOWN_ROWS):
            self._note(f"… {total - min(len(data), SHOWN_ROWS):,} more rows")

    def _sql(self, code: object) -> None:
        if isinstance(code, str) and code not in self.collected.sql:
            self.collected.sql.append(code)

    def _note(self, said: str) -> None:
        if said:
            self.end()
            self._out.note(said)
