"""Laws of names: what is told apart by its name can be told apart.

Knows the other providers of this installation. Law: one that does not load is nobody's neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mockcloud.contracts import folders
from mockcloud.contracts.sketches import Sketch, sketch
from mockcloud.errors import ContractError
from mockcloud.reports.laws.subject import Broken, Subject
from mockcloud.state.identifiers import Identifiers

DRAWN = 200
"""How many identifiers of each name are made. Two equal ones among so few are no accident that a test should meet."""


def hosts_fit_their_patterns(subject: Subject) -> Iterator[Broken]:
    """The example of a host matches its pattern whole, in lower case."""
    for index, host in enumerate(subject.contract.hosts):
        if not host.pattern.fullmatch(host.example.lower()):
            found = f"'{host.example}' does not match '{host.pattern.pattern}'"
            yield Broken("provider.json", f"/hosts/{index}/example", found, "correct one of the two")


def hosts_are_its_own(subject: Subject) -> Iterator[Broken]:
    """No host of a provider is one of another provider that is installed."""
    for other in _others(subject):
        for index, host in enumerate(subject.contract.hosts):
            theirs = [one["pattern"] for one in other.hosts if re.fullmatch(one["pattern"], host.example.lower())]
            ours = [one["example"] for one in other.hosts if host.pattern.fullmatch(one["example"].lower())]
            if theirs or ours:
                what = f"'{host.example}' is a host of '{other.name}' too" if theirs else f"'{ours[0]}' of '{other.name}' matches"
                yield Broken("provider.json", f"/hosts/{index}", what, "narrow the pattern down to the vendor's own names")


def paths_are_its_own(subject: Subject) -> Iterator[Broken]:
    """No path that tells a provider on a nameless host tells another provider that is installed."""
    for other in _others(subject):
        for index, path in enumerate(subject.contract.paths):
            taken = [one for one in other.paths if _within(path, one) or _within(one, path)]
            if taken:
                found = f"'{path}' and '{taken[0]}' of '{other.name}' claim the same requests"
                yield Broken("provider.json", f"/paths/{index}", found, "claim a longer path that only this vendor has")


def identifiers_differ(subject: Subject) -> Iterator[Broken]:
    """Identifiers made at one moment are all different, of one name and of several."""
    made: dict[str, str] = {}
    maker = Identifiers(subject.contract.identifiers, 0, subject.contract.name)
    for name in subject.contract.identifiers:
        for _ in range(DRAWN):
            one = maker.make(name, 1.0)
            if one in made:
                whose = "made twice" if made[one] == name else f"one of '{made[one]}' too"
                remedy = "add a part that differs (random, uuid, count), or a literal that tells the kind"
                yield Broken("provider.json", f"/identifiers/{name}", f"'{one}' is {whose}", remedy)
                break
            made[one] = name


def _within(path: str, claimed: str) -> bool:
    return path == claimed or (claimed != "/" and f"{path.rstrip('/')}/".startswith(f"{claimed.rstrip('/')}/"))


def _others(subject: Subject) -> Iterator[Sketch]:
    for name, folder in folders.known().items():
        if name != subject.contract.name:
            try:
                yield sketch(folder)
            except ContractError:
                continue
