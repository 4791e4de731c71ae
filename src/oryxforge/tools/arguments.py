"""The arguments of a tool call, checked against the part of JSON Schema that our tools use."""

from collections.abc import Mapping

TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def check(schema: Mapping[str, object], arguments: Mapping[str, object]) -> str | None:
    """What is wrong with the arguments, as a sentence; None where nothing is."""
    properties, required = schema.get("properties"), schema.get("required", [])
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    missing = [str(r) for r in required if r not in arguments]
    if missing:
        return f"The argument {missing[0]!r} is missing."
    for name, value in arguments.items():
        if name not in properties:
            return f"There is no argument {name!r}; there is {', '.join(map(str, properties))}."
        fault = _fault(name, properties[name], value)
        if fault:
            return fault
    return None


def _fault(name: str, rule: Mapping[str, object], value: object) -> str | None:
    kind = str(rule["type"])
    if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return f"The argument {name!r} must be of type {kind}."
    items = rule.get("items")
    if isinstance(value, list) and isinstance(items, dict):
        inner = (_fault(f"{name}[{i}]", items, v) for i, v in enumerate(value))
        return next((f for f in inner if f), None)
    return None


def text(arguments: Mapping[str, object], name: str) -> str:
    return str(arguments[name])


def number(arguments: Mapping[str, object], name: str, default: int, most: int) -> int:
    value = arguments.get(name, default)
    assert isinstance(value, int)
    return max(1, min(value, most))


def texts(arguments: Mapping[str, object], name: str) -> list[str] | None:
    value = arguments.get(name)
    return [str(v) for v in value] if isinstance(value, list) else None
