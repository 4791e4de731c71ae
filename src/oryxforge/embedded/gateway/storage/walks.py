"""The statements that read a bucket in the order of its indexes: a folder is passed over in one step, however much it has.

All compare bytes (collation C), and by operators that never tell of rows which the caller may not see, so that the
index serves under row-level security too. No name has a control character, which `AFTER` relies on.
"""

AFTER, PAST_FOLDER = "\x01", "0"
FIELDS = "name, id, created_at, updated_at, last_accessed_at, metadata"
LAST_POINT, BEFORE_SURROGATES, AFTER_SURROGATES = 0x10FFFF, 0xD7FF, 0xE000


def past(prefix: str) -> str | None:
    """The least text that is more than all that begin with the prefix; None where there is none."""
    point = ord(prefix[-1]) if prefix else LAST_POINT
    if point == LAST_POINT:
        return past(prefix[:-1]) if prefix else None
    return prefix[:-1] + chr(AFTER_SURROGATES if point == BEFORE_SURROGATES else point + 1)


def between(column: str, low: str, high: str | None, values: list[object]) -> str:
    """A condition; its values are added to those of the statement."""
    values.append(low)
    told = f'{column} collate "C" >= ${len(values)}'
    if high is not None:
        values.append(high)
        told += f' and {column} collate "C" < ${len(values)}'
    return told


def folders(bucket: str, folder: str, low: str, high: str | None, order: str) -> tuple[str, list[object]]:
    """The names of the folders in a folder (`""` or `a/b/`): a query of one column, `part`, in order."""
    values: list[object] = [bucket, folder]
    part = "split_part(substr(o.folder, char_length($2) + 1), '/', 1)"
    within = between("o.folder", low, high, values)
    step = f"$2 || walk.part || '{PAST_FOLDER}'" if order == "asc" else "$2 || walk.part || '/'"
    beyond = f'o.folder collate "C" {">=" if order == "asc" else "<"} {step}'
    one = f"""select {part} as part from storage.objects o
      where o.bucket_id = $1 and {within} {{more}} order by o.folder collate "C" {order} limit 1"""
    return (
        f"""with recursive walk as (
          ({one.format(more="")})
          union all
          select next.part from walk, lateral ({one.format(more=f"and {beyond}")}) next
        ) select part from walk""",
        values,
    )


def files(bucket: str, folder: str, low: str, high: str | None) -> tuple[str, list[object]]:
    """What is directly in a folder, by names: a query of FIELDS without an order."""
    values: list[object] = [bucket, folder]
    within = between("name", low, high, values)
    return (
        f"""select {FIELDS} from storage.objects
          where bucket_id = $1 and folder collate "C" = $2 and {within}""",
        values,
    )


def everything(bucket: str, low: str, high: str | None) -> tuple[str, list[object]]:
    """All below, by names: a query of FIELDS without an order."""
    values: list[object] = [bucket]
    within = between("name", low, high, values)
    return f"select {FIELDS} from storage.objects where bucket_id = $1 and {within}", values


def first_seen(bucket: str, folder: str, low: str, high: str | None, column: str) -> tuple[str, list[object]]:
    """Folders as FIELDS, dated by the oldest object that each has: every row below is read."""
    values: list[object] = [bucket, folder]
    within = between("folder", low, high, values)
    dated = ", ".join(
        f"min(created_at) as {c}" if c == column else f"null::timestamptz as {c}"
        for c in ("created_at", "updated_at", "last_accessed_at")
    )
    name = "$2 || split_part(substr(folder, char_length($2) + 1), '/', 1) || '/'"
    return (
        f"""select {name} as name, null::uuid as id, {dated}, null::jsonb as metadata
          from storage.objects where bucket_id = $1 and {within} group by 1""",
        values,
    )
