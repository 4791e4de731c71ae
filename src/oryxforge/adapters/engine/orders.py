"""What a process of Processes can be asked to do, in JSON and out of it."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import cast

from oryxforge.adapters.engine.duck import Duck
from oryxforge.adapters.engine.excel import import_sheet, inspect_workbook, preview_workbook, sheet_names
from oryxforge.adapters.engine.place import Place
from oryxforge.adapters.engine.query import Queries, WriteLimits
from oryxforge.adapters.engine.work import Stop
from oryxforge.domain.sources import LoadSettings

Order = Mapping[str, object]
Reply = dict[str, object]


class Orders:
    def __init__(self, duck: Duck, place: Place) -> None:
        self._duck = duck
        self._place = place
        self._queries = Queries(duck, place)
        self._known = {
            "run": self._run,
            "write": self._write,
            "sheet_names": self._sheet_names,
            "preview": self._preview,
            "inspect": self._inspect,
            "import": self._import,
        }

    def done(self, order: Order) -> Reply:
        """The answer to an order. Raises KeyError where there is no such order."""
        return self._known[str(order["do"])](order)

    def _run(self, order: Order) -> Reply:
        sql, tables = _asked(order)
        limit, timeout_s = cast(int, order["limit"]), cast(float, order["timeout_s"])
        result = self._queries.run(Stop(), sql, tables, limit, timeout_s)
        # Not asdict, which copies every cell.
        return {field: getattr(result, field) for field in result.__dataclass_fields__}

    def _write(self, order: Order) -> Reply:
        sql, tables = _asked(order)
        limits = WriteLimits(**cast(dict[str, int], order["limits"]))
        rows, read = self._queries.write(Stop(), sql, tables, Path(str(order["target"])), limits)
        return {"rows": rows, "tables": read}

    def _sheet_names(self, order: Order) -> Reply:
        return {"names": sheet_names(Path(str(order["path"])))}

    def _preview(self, order: Order) -> Reply:
        path, settings = Path(str(order["path"])), _settings(order)
        with self._duck.connection(Stop()) as connection, self._place.scratch() as copy:
            sheets = preview_workbook(connection, path, copy, settings, cast(int, order["limit"]))
            return {"sheets": {name: asdict(sheet) for name, sheet in sheets.items()}}

    def _inspect(self, order: Order) -> Reply:
        path, settings = Path(str(order["path"])), _settings(order)
        with self._duck.connection(Stop()) as connection, self._place.scratch() as copy:
            sheets = inspect_workbook(connection, path, copy, settings, cast(int, order["limit"]))
            return {"sheets": [asdict(sheet) for sheet in sheets]}

    def _import(self, order: Order) -> Reply:
        path, target = Path(str(order["path"])), Path(str(order["target"]))
        with self._duck.connection(Stop()) as connection:
            rows, receipt = import_sheet(connection, path, str(order["sheet"]), _settings(order), target)
        return {"rows": rows, "receipt": receipt}


def _asked(order: Order) -> tuple[str, Mapping[str, str]]:
    return str(order["sql"]), cast(Mapping[str, str], order["tables"])


def _settings(order: Order) -> LoadSettings:
    return LoadSettings.of_json(cast(Mapping[str, object], order["settings"]))
