"""What `doctor` looks at in the publication that Realtime reads."""

from collections.abc import Generator

from oryxforge.adapters.postgres.publication import Publication, publication_of
from oryxforge.cli.findings import Finding, Verdict
from oryxforge.domain.errors import OryxError

NAME = "supabase_realtime"


async def examine_publication(url: str) -> Finding:
    try:
        found = await publication_of(url, NAME)
    except OryxError as error:
        return Finding("realtime", Verdict.FAIL, "can't be read", error.detail)
    if found is None:
        fix = f"As the owner: create publication {NAME}; and then look again."
        return Finding("realtime", Verdict.FAIL, f"there is no publication {NAME}", fix)
    faults = list(_faults(found))
    if not faults:
        return Finding("realtime", Verdict.OK, f"{NAME} carries every change of our tables")
    told = ", and ".join(fault for fault, _ in faults)
    mend = " ".join(statement for _, statement in faults)
    return Finding("realtime", Verdict.FAIL, f"{NAME} {told}", f"As the owner: {mend}")


def _faults(found: Publication) -> Generator[tuple[str, str]]:
    """What is wrong, and the statement that mends it."""
    if found.kinds_missing:
        publish = "set (publish = 'insert, update, delete, truncate')"
        yield f"carries no {' and no '.join(found.kinds_missing)}", f"alter publication {NAME} {publish};"
    if found.tables_missing:
        tables = sorted(found.tables_missing)
        added = ", ".join(f"public.{table}" for table in tables)
        yield f"lacks {', '.join(tables)}", f"alter publication {NAME} add table {added};"
    for table in sorted(found.columns_missing.keys() | found.filtered):
        columns = found.columns_missing.get(table, ())
        of_it = f"the columns {', '.join(columns)} of {table}" if columns else f"some rows of {table}"
        again = f"alter publication {NAME} drop table public.{table};"
        yield f"leaves out {of_it}", f"{again} alter publication {NAME} add table public.{table};"
