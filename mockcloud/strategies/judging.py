"""Whether schemas take a value, as fast as can be told.

Law: the compiled validator, where it is installed, else the reference, and the same word from both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mockcloud.contracts.json_schema import holds_at_least
from mockcloud.messages import Json
from mockcloud.reports.json_values import valid

Judge = Callable[[Json], bool]


def judge(parts: Sequence[Json]) -> Judge:
    """Whether all of these schemas take a value. Comparisons are looked at where they stand at the value itself."""
    whole = {"allOf": list(parts)}
    comparisons = [one["x-at-least"] for one in parts if "x-at-least" in one]
    is_valid = _compiled(whole)

    def takes(value: Json) -> bool:
        try:
            taken = is_valid(value)
        except ValueError:
            # The compiled validator takes no number with an exponent; the reference does.
            taken = valid(whole, value)
        return taken and all(holds_at_least(demand, value) for demand in comparisons)

    return takes


def _compiled(whole: Json) -> Judge:
    try:
        import jsonschema_rs
    except ImportError:
        return lambda value: valid(whole, value)
    is_valid: Judge = jsonschema_rs.Draft202012Validator(whole).is_valid
    return is_valid
