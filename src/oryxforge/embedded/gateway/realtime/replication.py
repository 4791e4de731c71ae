"""One replication connection; the only user of psycopg2, which alone speaks that protocol."""

import secrets
from types import TracebackType
from typing import Self

# Values in the log are written as its reader's session would print them.
SESSION = (
    "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1 -c bytea_output=hex"
)


class Lost(Exception):
    """The connection is gone, or was refused."""


class Replication:
    """Reads a publication from now on, through a slot that ends with the connection. Making one blocks: use a thread."""

    def __init__(self, url: str, publication: str) -> None:
        """Raises Lost."""
        # Some 20 ms and 10 MB that an API without subscribers does without.
        import psycopg2
        from psycopg2.extensions import make_dsn
        from psycopg2.extras import LogicalReplicationConnection

        self._error = psycopg2.Error
        try:
            self._connection = psycopg2.connect(
                make_dsn(url, options=SESSION, application_name="oryxforge-realtime"),
                connection_factory=LogicalReplicationConnection,
            )
        except psycopg2.Error as error:
            raise Lost(str(error).strip()) from error
        slot = f"oryxforge_{secrets.token_hex(8)}"
        name = publication.replace('"', '""').replace("'", "''")
        try:
            self._cursor = self._connection.cursor()
            self._cursor.execute(
                f"CREATE_REPLICATION_SLOT {slot} TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT"
            )
            self._cursor.start_replication_expert(
                f"START_REPLICATION SLOT {slot} LOGICAL 0/0 "
                f"""(proto_version '1', publication_names '"{name}"')""",
                decode=False,
            )
            self.fd = self._cursor.fileno()
        except psycopg2.Error as error:
            self._connection.close()
            raise Lost(str(error).strip()) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def read(self) -> bytes | None:
        """The next message that has arrived, None where there is none yet. Raises Lost."""
        try:
            message = self._cursor.read_message()
        except self._error as error:
            raise Lost(str(error).strip()) from error
        return None if message is None else message.payload

    def confirm(self) -> None:
        """Lets Postgres drop its log up to what was read. Raises Lost."""
        try:
            self._cursor.send_feedback(flush_lsn=self._cursor.wal_end)
        except self._error as error:
            raise Lost(str(error).strip()) from error
