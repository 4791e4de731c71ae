"""Parts of SQL: names, literals, groups, measures, conditions. Every name is quoted, every text a literal."""

from collections.abc import Mapping

from oryxforge.agents.quick.matching import View
from oryxforge.agents.quick.reading import Condition, Group, Having, Measure, Reading, Ref, Scalar
from oryxforge.agents.quick.schema import Column, Kind

GRAINS: Mapping[str, str] = {
    "hour": "hour({})",
    "day": "CAST({} AS DATE)",
    "week": "CAST(date_trunc('week', {}) AS DATE)",
    "month": "strftime({}, '%Y-%m')",
    "quarter": "year({0}) || '-Q' || quarter({0})",
    "year": "year({})",
    "weekday": "dayname({})",
    "month of year": "monthname({})",
}
# Names of days and months sort by the calendar, not by the alphabet.
CALENDAR: Mapping[str, str] = {"weekday": "isodow({})", "month of year": "month({})"}
AGGREGATES: Mapping[str, str] = {
    "sum": "sum({})", "mean": "avg({})", "median": "median({})", "min": "min({})", "max": "max({})",
    "count": "count({})", "distinct": "count(DISTINCT {})", "std": "stddev_samp({})", "var": "var_samp({})",
    "mode": "mode({})", "range": "max({0}) - min({0})", "skew": "skewness({})", "kurtosis": "kurtosis({})",
    "only": "any_value({})", "iqr": "quantile_cont({0}, 0.75) - quantile_cont({0}, 0.25)",
    "rate": "100.0 * avg(CAST({} AS INTEGER))", "each": "count(*) / nullif(count(DISTINCT {}), 0)",
}  # fmt: skip
LABELS: Mapping[str, str] = {
    "sum": "total {}", "mean": "average {}", "median": "median {}", "min": "lowest {}", "max": "highest {}",
    "count": "{} present", "distinct": "different {}", "std": "standard deviation of {}", "var": "variance of {}",
    "mode": "most common {}", "range": "range of {}", "skew": "skewness of {}", "kurtosis": "kurtosis of {}",
    "only": "{}", "iqr": "interquartile range of {}", "rate": "{} in percent", "each": "rows per {}",
}  # fmt: skip


def name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def literal(value: Scalar) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    return "'" + value.replace("'", "''").replace("\x00", "") + "'"


def table(address: str) -> str:
    return ".".join(name(part) for part in address.split(".", 1))


class Expressions:
    """Writes the parts of one reading's statement."""

    def __init__(self, reading: Reading, view: View) -> None:
        self.reading = reading
        self.view = view

    def column(self, ref: Ref) -> Column:
        """Raises LookupError where the sheet has no such column (any more)."""
        found = next((f.column for f in self.view.fields if f.ref == ref), None)
        if found is None:
            raise LookupError(ref.column)
        return found

    def ref(self, ref: Ref) -> str:
        self.column(ref)
        if self.reading.join is None:
            return name(ref.column)
        return f"{'other' if ref.joined else 'own'}.{name(ref.column)}"

    def source(self) -> str:
        join = self.reading.join
        main = table(self.reading.sheet)
        if join is None:
            return f"FROM {main}"
        on = f"own.{name(join.own_key)} = other.{name(join.its_key)}"
        return f"FROM {main} AS own\nLEFT JOIN {table(join.sheet)} AS other ON {on}"

    def where(self, *more: str) -> str:
        parts = [*(self.condition(c) for c in self.reading.where), *more]
        return "\nWHERE " + "\n  AND ".join(parts) if parts else ""

    def group(self, group: Group) -> str:
        of = self.ref(group.of)
        return GRAINS[group.grain].format(of) if group.grain else of

    def group_label(self, group: Group) -> str:
        return group.grain or group.of.column

    def measure(self, measure: Measure) -> str:
        if measure.of is None:
            return "count(*)"
        of = self.ref(measure.of)
        column = self.column(measure.of)
        if measure.how == "quantile":
            return f"quantile_cont({of}, {measure.at})"
        if measure.how == "sum" and column.type.upper() in ("DOUBLE", "FLOAT", "REAL"):
            return f"fsum({of})"
        if column.kind is Kind.TRUTH and measure.how in ("sum", "mean"):
            of = f"CAST({of} AS INTEGER)"
        return AGGREGATES[measure.how].format(of)

    def measure_label(self, measure: Measure) -> str:
        if measure.of is None:
            return "count"
        if measure.how == "quantile":
            return f"{ordinal(measure.at * 100)} percentile of {measure.of.column}"
        return LABELS[measure.how].format(measure.of.column)

    def having(self, conditions: tuple[Having, ...]) -> str:
        parts = [f"{self.measure(h.measure)} {h.op} {literal(h.value)}" for h in conditions]
        return "\nHAVING " + " AND ".join(parts) if parts else ""

    def condition(self, condition: Condition) -> str:
        op = condition.op.removeprefix("not ") if condition.op != "not in" else condition.op
        made = self._positive(condition, op)
        return f"NOT coalesce({made}, FALSE)" if op != condition.op else made

    def _positive(self, condition: Condition, op: str) -> str:
        of, values = self.ref(condition.of), condition.values
        match op:
            case "in" | "not in":
                return self._listed(condition, negative=op == "not in")
            case "=" | "!=" | ">" | ">=" | "<" | "<=":
                return f"{of} {'<>' if op == '!=' else op} {literal(values[0])}"
            case "between":
                return f"{of} BETWEEN {literal(values[0])} AND {literal(values[1])}"
            case "contains" | "starts" | "ends":
                function = {"contains": "contains", "starts": "starts_with", "ends": "ends_with"}[op]
                return f"{function}(lower({of}), {literal(str(values[0]).lower())})"
            case "above mean" | "above median" | "below mean" | "below median":
                side, how = op.split()
                made = f"(SELECT {'avg' if how == 'mean' else 'median'}({of}) {self.source().replace(chr(10), ' ')})"
                return f"{of} {'>' if side == 'above' else '<'} {made}"
            case "missing" | "present":
                return f"{of} IS {'NOT ' if op == 'present' else ''}NULL"
            case "true" | "false":
                return of if op == "true" else f"NOT {of}"
            case "since" | "until":
                return f"{of} {'>=' if op == 'since' else '<'} DATE {literal(values[0])}"
            case "span" | "spans":
                pairs = zip(values[::2], values[1::2], strict=True)
                made = [f"({of} >= DATE {literal(a)} AND {of} < DATE {literal(b)})" for a, b in pairs]
                return made[0] if len(made) == 1 else f"({' OR '.join(made)})"
            case "moment":
                return f"{of} > {literal(values[0])}"
            case "weekend":
                return f"isodow({of}) >= 6"
            case "month" | "quarter" | "weekday":
                function = "isodow" if op == "weekday" else op
                return f"{function}({of}) IN ({', '.join(literal(v) for v in values)})"
            case _:
                raise LookupError(op)

    def _listed(self, condition: Condition, *, negative: bool) -> str:
        of = self.ref(condition.of)
        values = ", ".join(literal(v) for v in condition.values)
        one = len(condition.values) == 1
        if not negative:
            return f"{of} = {values}" if one else f"{of} IN ({values})"
        return f"{of} IS DISTINCT FROM {values}" if one else f"({of} IS NULL OR {of} NOT IN ({values}))"


def ordinal(number: float) -> str:
    """`90th`, `2.5th`."""
    if not float(number).is_integer():
        return f"{number:g}th"
    whole = int(number)
    if whole % 100 in (11, 12, 13):
        return f"{whole}th"
    return f"{whole}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(whole % 10, 'th') }".replace(" ", "")
