"""Arrow tables into the engine."""

from oryxforge.adapters.engine.duck import Connection
from oryxforge.adapters.engine.headers import unique_headers
from oryxforge.domain.errors import Invalid

VIEW = "arrow_table"
MAX_DIGITS = 38


def register_stream(connection: Connection, stream: bytes) -> str:
    """Makes an Arrow IPC stream known to the connection, in types that it has; SQL of its rows. Raises Invalid."""
    import pyarrow as pa

    try:
        table = pa.ipc.open_stream(stream).read_all()
        if table.num_columns == 0:
            raise Invalid("The table has no columns.", code="no_columns")
        named = table.rename_columns(unique_headers(table.column_names))
        for position, field in enumerate(named.schema):
            if pa.types.is_float16(field.type):
                field = field.with_type(pa.float32())
            elif pa.types.is_decimal256(field.type):
                field = field.with_type(pa.decimal128(MAX_DIGITS, min(field.type.scale, MAX_DIGITS)))
            if field.type != named.schema.field(position).type:
                named = named.set_column(position, field, named.column(position).cast(field.type))
    except (pa.ArrowException, OSError) as error:
        raise Invalid(
            f"The table can't be stored: {error}. Send an Arrow IPC stream of types that SQL has.",
            code="arrow_invalid",
        ) from error
    connection.register(VIEW, named)
    return f"SELECT * FROM {VIEW}"
