"""Texts: what fields have, what breaks signers and encoders, the shortest and the longest, and what matches a pattern.

Knows what carries a text, no schema. Law: a text is one that its carrier brings over as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mockcloud.contracts.json_schema import compiled
from mockcloud.reports.patterns import matcher, matching
from mockcloud.strategies.edges import edges
from mockcloud.strategies.leaves import Leaf

LONG: Final = 300
"""Characters of a long text where nobody says how long one may be."""

LONGEST: Final = 4_096
"""Characters of the longest text that is drawn, whatever a field allows."""

GROWTH: Final = 24
"""How much longer than it must be a text is that is drawn by chance."""

NOTABLE: Final = (
    "x", "a b", "é", "中文", "+", "%", "&", "=", "?", "#", "/", "~", "*", " ", "'", '"', "\\", "<", ">", ";",
    ":", ",", "@", "|", "0", "%20", "%2F", "a+b", "a=b&c=d", "../x", "x/", "//", "true", "null", "None", "-1",
    "{}", "[]", "$x", "x\u0301", "ß", "İ", "😀", "👩\u200d👧", "שלום", "\u202ex", "\u3000", "\u2028", "\ufeff",
    "\ufffd", "\U0010fffd", " x ", "\t", "\n", "\r\n", "\x01", "\x1f", "\x7f", "\x85", "]]>", "&amp;", "<x>",
    "<!--",
)  # fmt: skip
"""Texts that tell clients apart, the plainest first."""


class Carrier(NamedTuple):
    """What carries a text: the characters that it brings over, and whether it brings over a whole text."""

    characters: SearchStrategy[str]
    carries: Callable[[str], bool]


def _is_plain(text: str) -> bool:
    return not any(mark == "\0" or "\ud800" <= mark <= "\udfff" for mark in text)


def _is_segment(text: str) -> bool:
    return bool(text) and not text.startswith(".") and "/" not in text and "\\" not in text and not _has_controls(text)


def _is_segments(text: str) -> bool:
    return all(_is_segment(one) for one in text.split("/"))


def _is_document(text: str) -> bool:
    return not _has_controls(text) and not any(mark in "\ufffe\uffff" for mark in text)


def _has_controls(text: str) -> bool:
    return any(mark < " " or "\x7f" <= mark <= "\x9f" or "\ud800" <= mark <= "\udfff" for mark in text)


PLAIN: Final = Carrier(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), _is_plain)
"""JSON, queries and forms: everything but NUL, which many libraries cut a text at, and lone surrogates."""

SEGMENT: Final = Carrier(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="./\\"), _is_segment)
"""One segment of a path. Clients normalise dots away, and servers take a backslash or an escaped slash for a slash."""

SEGMENTS: Final = Carrier(SEGMENT.characters, _is_segments)
"""The rest of a path: segments with slashes between them."""

DOCUMENT: Final = Carrier(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), _is_document)
"""XML, without the controls that a parser refuses or turns into something else."""


@lru_cache(1024)
def leaf(carrier: Carrier = PLAIN, least: int = 0, most: int | None = None, pattern: str = "", *, whole: bool = False) -> Leaf:
    """The texts of a length (in characters), or that a pattern matches: as JSON Schema means it, or `whole` as XSD does."""
    found = [one for one in (_of_pattern(pattern, whole) if pattern else _of_length(least, most)) if least <= len(one)]
    fits = [one for one in found if carrier.carries(one) and (most is None or len(one) <= most)]
    if not pattern:
        upper = min(least + GROWTH, LONGEST if most is None else most)
        more = st.text(carrier.characters, min_size=max(least, int(not carrier.carries(""))), max_size=upper)
        return Leaf(fits, more if upper and least <= LONGEST else None)
    bounded = least > 0 or most is not None
    more = st.from_regex(re.compile(pattern) if whole else compiled(pattern), fullmatch=whole, alphabet=carrier.characters)
    within = more.filter(lambda text: least <= len(text) and (most is None or len(text) <= most)) if bounded else more
    return Leaf(fits, within)


def _of_length(least: int, most: int | None) -> Iterator[str]:
    for one in NOTABLE:
        yield one if len(one) >= least else one * -(-least // len(one))
    for count in dict.fromkeys((least, LONG if most is None else most)):
        if count <= LONGEST:
            yield from ("x" * count, "中" * count)


def _of_pattern(pattern: str, whole: bool) -> Iterator[str]:
    simple = matching(pattern, whole=whole)
    if simple is not None:
        yield simple
    yield from edges(pattern, whole=whole)
    fits = matcher(pattern, whole=whole)
    yield from (one for one in NOTABLE if fits(one))
