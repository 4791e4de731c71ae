"""Sheets in and out as pandas frames, charts and reports."""

import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oryxforge.domain.artifacts import Provenance
from oryxforge.domain.errors import Unprocessable
from oryxforge.domain.sheets import Sheet
from oryxforge.notebook.context import ProjectContext

if TYPE_CHECKING:
    import pandas as pd


class IOService:
    """Reads every sheet of the project, writes to Exploration."""

    def __init__(self, context: ProjectContext) -> None:
        self._context = context

    def load_df_pd(self, name_python: str) -> "pd.DataFrame":
        """The whole sheet `dataset.Sheet` as a frame with Arrow-backed types where pandas has none of its own.

        Raises NotFound with the nearest names, Unprocessable for another form or a chart.
        """
        import pandas as pd

        c = self._context
        body = c.connection.loop.run(c.connection.desk.data.parquet(c.actor, c.project_id, name_python))
        return pd.read_parquet(io.BytesIO(body))

    def save_df_pd(self, frame: "pd.DataFrame", name: str) -> Sheet:
        """Saves a frame as a table of Exploration; a table of that name gets a new version.

        A named index becomes a column. Raises Unprocessable for a frame without columns, or with two of one name.
        """
        import pyarrow as pa

        kept = frame.reset_index() if frame.index.name is not None else frame
        if kept.shape[1] == 0:
            raise Unprocessable("The frame has no columns; there is nothing to save.", code="frame_empty")
        names = [str(c) for c in kept.columns]
        if len({n.lower() for n in names}) < len(names):
            raise Unprocessable(
                "Two columns of the frame have the same name; rename one.", code="columns_clash"
            )
        try:
            table = pa.Table.from_pandas(kept.set_axis(names, axis=1), preserve_index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            raise Unprocessable(
                "A column of the frame mixes types that a table can't hold; convert it first.",
                code="frame_mixed",
            ) from error
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return self._save(name, sink.getvalue().to_pybytes())

    def load_chart(self, name_python: str) -> dict[str, Any]:
        """A chart's Plotly figure as plain values (`plotly.graph_objects.Figure(**it)` draws it)."""
        c = self._context
        return json.loads(
            c.connection.loop.run(c.connection.desk.data.document(c.actor, c.project_id, name_python))
        )

    def save_chart(self, figure: Mapping[str, Any], name: str, sql: str) -> Sheet:
        """Saves a Plotly figure (`figure.to_plotly_json()`, plain lists) made from the result of `sql`."""
        c = self._context
        desk = c.connection.desk
        work = desk.artifacts.save_chart(c.actor, c.project_id, desk.origin, name, sql, figure)
        return c.connection.loop.run(work).sheet

    def query(self, sql: str, limit: int = 10_000) -> "pd.DataFrame":
        """The first rows of a read-only DuckDB statement over the project's sheets (`dataset.Sheet`)."""
        import pandas as pd

        c = self._context
        answered = c.connection.loop.run(
            c.connection.desk.analysis.run_sql(c.actor, c.project_id, sql, limit)
        )
        return pd.DataFrame(answered.result.data, columns=pd.Index(answered.result.headers))

    def _save(self, name: str, stream: bytes) -> Sheet:
        c = self._context
        provenance = Provenance("python", f"save_df_pd(…, {name!r})", "pandas", (), 0, "python")
        return c.connection.loop.run(
            c.connection.desk.artifacts.save_arrow(c.actor, c.project_id, name, stream, provenance)
        )
