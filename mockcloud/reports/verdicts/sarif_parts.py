"""The parts of a SARIF log, as plain data: results, the rules that they name, places in files, notifications.

Knows SARIF 2.1.0 and what code scanning shows of it. Law: a column counts characters, a URI is encoded, a message has nothing
in it that a viewer takes for a link or a placeholder; a fingerprint holds no number of a line.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import quote

from mockcloud import __version__
from mockcloud.messages import Json
from mockcloud.reports.refused import printable
from mockcloud.reports.verdicts import sentences
from mockcloud.reports.verdicts.plain_data import value
from mockcloud.traffic.recorded import Place
from mockcloud.traffic.verdict import Excerpt, Finding, Outcome, Tally, Verdict

LONGEST: Final = 1000
"""Characters of a rule's descriptions: code scanning shows 1024."""

NOTIFICATIONS: Final = {
    "unjudged": "A message could not be judged. It does not count as valid.",
    "nothing-judged": "No message was judged. A recording without any proves nothing.",
    "left-out": "There are more findings than code scanning takes.",
}
"""What a notification may be about."""

_LINK: Final = re.compile(r"\[(?=[^\[\]]*\]\()")
_PLACEHOLDER: Final = re.compile(r"\{(\d+)\}")


def driver(rules: list[dict[str, Json]]) -> dict[str, Json]:
    """The tool: its name, its version, the rules that were broken, the notifications that there may be."""
    notes = [{"id": name, **_described(text, text, text)} for name, text in NOTIFICATIONS.items()]
    return {
        "name": "mockcloud",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": rules,
        "notifications": notes,
    }


def invocation(tally: Tally) -> dict[str, Json]:
    """How the judging went: successful where every message was judged, and there was one."""
    judged = not tally.outcomes[Outcome.UNJUDGED] and not sentences.nothing_judged(tally)
    return {"executionSuccessful": judged, "exitCode": tally.status}


def descriptor(verdict: Verdict, finding: Finding) -> dict[str, Json]:
    """A rule: what it demands, on whose word, and what breaking it earns."""
    broken, rule = finding.violation, finding.violation.rule
    short = f"{rule.partition('#')[2].rpartition(':')[0] or '/'} {broken.reason}"
    earned = f" The vendor refuses it with {finding.refusal}." if finding.refusal else ""
    source = f"{sentences.grounds(finding)}.{earned} `mockcloud explain '{rule}'` tells all of it."
    return {
        "id": rule,
        **_described(short, f"A {sentences.what(verdict)} is wrong where {short}.", f"Source: {source}"),
        "defaultConfiguration": {"level": "error"},
        "properties": {"evidence": list(finding.evidence), "problem.severity": "error", "tags": ["contract"]},
    }


def _described(short: str, full: str, help: str) -> dict[str, Json]:
    named = (("shortDescription", short), ("fullDescription", full), ("help", help))
    return {name: {"text": printable(text, LONGEST)} for name, text in named}


def result(verdict: Verdict, finding: Finding, index: int, fingerprint: str) -> dict[str, Json]:
    """A finding. `primaryLocationLineHash` is the fingerprint by which code scanning knows an alert again."""
    broken = finding.violation
    return {
        "ruleId": broken.rule,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": _message(f"{sentences.broken(broken)} {sentences.source(broken)}".rstrip())},
        "locations": [_location(verdict.place, _regions(finding))],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "mockcloudFinding/v1": fingerprint},
        "properties": {
            "operation": verdict.operation,
            "side": verdict.side,
            "subject": verdict.subject,
            "messageNumber": verdict.place.number,
            "where": broken.where,
            **value(broken.found),
            "document": broken.document,
            "documentLine": broken.line,
            "refusal": finding.refusal,
        },
    }


def unjudged(verdict: Verdict) -> dict[str, Json]:
    """The notification of a message that could not be judged."""
    told = f"{sentences.subject(verdict)}: {sentences.headline(verdict)}; to do: {sentences.remedy(verdict)}"
    region = {"region": {"startLine": verdict.place.line}}
    return {**notification("unjudged", told), "locations": [_location(verdict.place, region)]}


def notification(about: str, text: str) -> dict[str, Json]:
    """Something to say of the judging itself."""
    return {"level": "error", "descriptor": {"id": about}, "message": {"text": _message(text)}}


def fingerprint(verdict: Verdict, finding: Finding) -> str:
    """What stays the same of a finding when lines come and go before it: file, operation, side, rule and place in the message."""
    parts = (uri(verdict.place.file), verdict.operation, verdict.side, finding.violation.rule, finding.violation.where)
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def uri(file: str) -> str:
    """The file as a URI reference: relative to the working directory where it lies in it."""
    if file == "-":
        return "stdin"
    path = PurePath(file)
    if path.is_absolute():
        here = Path.cwd()
        if not path.is_relative_to(here):
            return f"file:///{_quoted(path).lstrip('/')}"
        path = path.relative_to(here)
    return _quoted(path)


def _quoted(path: PurePath) -> str:
    # A name need not be UTF-8; Python keeps what is not as lone surrogates.
    text = path.as_posix()
    try:
        return quote(text, errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(text, errors="surrogatepass")


def _location(place: Place, regions: dict[str, Json]) -> dict[str, Json]:
    artifact: dict[str, Json] = {"uri": uri(place.file)}
    if place.file == "-":
        artifact["description"] = {"text": "standard input"}
    return {"physicalLocation": {"artifactLocation": artifact, **regions}}


def _regions(finding: Finding) -> dict[str, Json]:
    """The value, and around it the line; the line alone where the file holds the message escaped."""
    region: dict[str, Json] = {"startLine": finding.line}
    if finding.column is None:
        return {"region": region}
    region["startColumn"] = finding.column
    if finding.end_column is None:
        return {"region": region}
    region["endColumn"] = finding.end_column
    return {"region": region, **_quoting(region, finding.excerpt)}


def _quoting(region: dict[str, Json], excerpt: Excerpt | None) -> dict[str, Json]:
    """What the excerpt adds: the region's own text, where it holds all of it, and a wider region, where it is wider."""
    if excerpt is None:
        return {}
    start, end = region["startColumn"], region["endColumn"]
    value = excerpt.text[excerpt.column : excerpt.column + excerpt.width]
    first = start - excerpt.column
    last = first + len(excerpt.text)
    if len(value) != end - start or first < 1:
        return {}
    region["snippet"] = {"text": value}
    if (first, last) == (start, end):
        return {}
    wider = {"startLine": region["startLine"], "startColumn": first, "endColumn": last, "snippet": {"text": excerpt.text}}
    return {"contextRegion": wider}


def _message(text: str) -> str:
    """A text that means itself in a message: SARIF has links and placeholders there."""
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub(r"\\[", text))
