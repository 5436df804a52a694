"""Laws of evidence: what is cited can be looked up, and what was decided agrees with what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator

from mockcloud.contracts.evidence import listed
from mockcloud.reports.laws.subject import Broken, Subject


def lines_of_seeds_are_numbers(subject: Subject) -> Iterator[Broken]:
    """What stands behind the # of a seed is the number of a line."""
    for file, pointer, evidence in subject.evidence:
        name, _, line = evidence.partition("#")
        kind = subject.data["documents"].get(name, {}).get("kind")
        if kind == "seed" and line and not (line.isdecimal() and int(line)):
            yield Broken(file, pointer, f"'{evidence}' names no line", "write the number of the line that says it")


def settings_follow_their_contradictions(subject: Subject) -> Iterator[Broken]:
    """A contradiction's setting cites it, or has the decision as its default."""
    for name, entry in subject.data["contradictions"].items():
        if "setting" not in entry:
            continue
        setting = subject.data["provider"]["settings"][entry["setting"]]
        default = str(setting["default"])
        if f"contradiction#{name}" not in listed(setting["evidence"]) and not (default and default in entry["decision"]):
            found = f"the setting '{entry['setting']}' does not cite it, and its default {default!r} is not in the decision"
            yield Broken("contradictions.json", f"/{name}/setting", found, f"cite 'contradiction#{name}' at the setting")
