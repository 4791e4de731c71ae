"""`oryxforge doctor`."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Annotated

import typer
from loguru import logger

from oryxforge.cli.checks import examine
from oryxforge.cli.findings import Finding, Verdict
from oryxforge.cli.lazy import new_app
from oryxforge.cli.output import Output
from oryxforge.cli.settings import read_settings
from oryxforge.domain.errors import Invalid

app = new_app("Check this installation.")


@app.command()
def doctor(
    data: Annotated[Path | None, typer.Option(help="The data folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check settings, database, storage, port and model, and say what to fix. Exit code 1 where something is broken."""
    logger.remove()
    out = Output(as_json)
    findings = asyncio.run(_examine(data, out))
    broken = any(f.verdict is Verdict.FAIL for f in findings)
    if as_json:
        rows = [{"check": f.check, "verdict": f.verdict, "found": f.found, "fix": f.fix} for f in findings]
        out.json({"status": "fail" if broken else "ok", "checks": rows})
    if broken:
        raise typer.Exit(1)


async def _findings(data: Path | None) -> AsyncGenerator[Finding]:
    try:
        settings = read_settings(data=data)
    except Invalid as error:
        yield Finding("settings", Verdict.FAIL, error.detail, "Mend this one first, then look again.")
        return
    async for finding in examine(settings):
        yield finding


async def _examine(data: Path | None, out: Output) -> list[Finding]:
    found: list[Finding] = []
    async for finding in _findings(data):
        found.append(finding)
        if not out.as_json:
            fix = f" -> {finding.fix}" if finding.fix else ""
            out.done(f"{finding.verdict:<4}  {finding.check}: {finding.found}{fix}")
    return found
