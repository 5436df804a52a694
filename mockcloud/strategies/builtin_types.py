"""The built-in types of XSD: how their texts look, and some of each.

Knows the types whose texts are told by a pattern, not numbers. Law: a text that is given here is of its type to every
validator; what a pattern cannot tell (the days of a month) no other text is drawn of.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from mockcloud.strategies.grammar import Simple

_NAME: Final = r"[A-Za-z_][A-Za-z0-9._\-]*"
_DAY: Final = r"20[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
_CLOCK: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?"
_ZONE: Final = r"(Z|[+\-](0[0-9]|1[0-3]):[0-5][0-9])?"
_WORD: Final = r"[!-~éß中文語😀]+"

FORMS: Final = {
    "normalizedString": r"[ -~éß中文語😀]*",
    "token": rf"({_WORD}( {_WORD})*)?",
    "language": r"[a-z]{2}(-[A-Z]{2})?",
    "NMTOKEN": r"[A-Za-z0-9._\-]+",
    "Name": _NAME,
    "NCName": _NAME,
    "ID": _NAME,
    "boolean": "true|false|1|0",
    "date": _DAY + _ZONE,
    "dateTime": f"{_DAY}T{_CLOCK}{_ZONE}",
    "time": _CLOCK + _ZONE,
    "gYear": "20[0-9][0-9]",
    "gYearMonth": "20[0-9][0-9]-(0[1-9]|1[0-2])",
    "duration": r"P([1-9][0-9]?Y)?([1-9]M)?[1-9][0-9]?D(T[1-9]H)?",
    "anyURI": r"(https?://[a-z0-9]+(\.[a-z]{2,3})?(/[A-Za-z0-9._~\-]+)*/?(\?[a-z]+=[A-Za-z0-9]*)?|urn:[a-z]+:[a-z0-9]+)",
    "float": r"-?[0-9]{1,6}(\.[0-9]{1,4})?(E-?[0-9])?",
    "double": r"-?[0-9]{1,6}(\.[0-9]{1,4})?(E-?[0-9])?",
    "hexBinary": "([0-9A-F][0-9A-F])+",
    "base64Binary": "([A-Za-z0-9+/]{4})+",
}
"""For each type a pattern of texts that are of it; what else is of it is not drawn."""

READ_BY_VALUE: Final = frozenset(
    {"boolean", "date", "dateTime", "time", "gYear", "gYearMonth", "duration", "float", "double", "hexBinary", "base64Binary"}
)
"""Types whose texts hardly ever match by chance what a pattern asks besides."""

SPECIMENS: Final[dict[str, tuple[str, ...]]] = {
    "normalizedString": ("x", "a b", "中文", " x ", "a  b", "<&>"),
    "token": ("x", "a b", "中文", "<&>\"'"),
    "language": ("en", "de-CH", "zh-Hans"),
    "NMTOKEN": ("x", "1.0", "a-b"),
    "Name": ("x", "a-b", "_1"),
    "NCName": ("x", "a-b", "_1"),
    "ID": ("x", "a-b", "_1"),
    "boolean": ("true", "false", "1", "0"),
    "date": ("2026-01-01", "2024-02-29", "1999-12-31", "2026-01-01Z", "2026-06-30+08:00"),
    "dateTime": ("2026-01-01T00:00:00", "2024-02-29T23:59:59Z", "2026-01-01T12:00:00.123+08:00", "1999-12-31T00:00:00-05:00"),
    "time": ("00:00:00", "23:59:59", "12:30:00.5Z"),
    "gYear": ("2026", "1999"),
    "gYearMonth": ("2026-01", "1999-12"),
    "duration": ("P1D", "PT1S", "P1Y2M3DT4H5M6.7S", "-P1D"),
    "anyURI": ("http://x", "https://a.example/b?c=d#e", "urn:a:b", "x/y", "http://x/%E4%B8%AD"),
    "float": ("1", "0", "-1.5", "1E3", "INF", "NaN"),
    "double": ("1", "0", "-1.5", "1E3", "INF", "NaN"),
    "hexBinary": ("00", "0AFF"),
    "base64Binary": ("AAAA", "eA==", "eHk="),
}
"""Texts of each type, the smallest first."""

WRONG: Final[dict[str, tuple[str, ...]]] = {
    "language": ("", "englishlanguage", "1", "en_GB"),
    "NMTOKEN": ("", "a b", "a/b"),
    "Name": ("", "1a", "a b", "-a"),
    "NCName": ("", "1a", "a b", "a:b"),
    "ID": ("", "1a", "a b", "a:b"),
    "boolean": ("True", "FALSE", "yes", "2", "", "on"),
    "date": ("2026-13-01", "2026-02-30", "01.01.2026", "2026-1-1", "today", ""),
    "dateTime": ("2026-01-01", "2026-01-01 00:00:00", "2026-01-01T25:00:00", "2026-01-01T00:00", "now", ""),
    "time": ("25:00:00", "12:00", "noon", ""),
    "gYear": ("26", "year", ""),
    "gYearMonth": ("2026", "2026-13", ""),
    "duration": ("1D", "P", "PT", "one day", ""),
    "float": ("x", "1,5", "", "infinity"),
    "double": ("x", "1,5", "", "infinity"),
    "hexBinary": ("0", "xy", "0g"),
    "base64Binary": ("A", "=", "A==="),
}
"""Texts that are not of a type, to every validator. Of texts without a form there are none."""


def is_of(simple: Simple, text: str) -> bool:
    """Whether a text is surely of a built-in type."""
    form = FORMS.get(simple.base)
    return form is None or text in SPECIMENS[simple.base] or bool(_compiled(form).fullmatch(text))


@lru_cache(64)
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)
