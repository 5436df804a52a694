"""What stands in the tables: every subject, the reference of the same run, what was measured for the project, the target.

Law: a subject without a row, or a row without a subject, fails the run. No other file holds a target.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import sub, truediv
from statistics import median
from typing import Final, NamedTuple

from benchmarks.measure import Samples, paired


class Demand(NamedTuple):
    """A target: its kind, its limit and, where there is one, the figure that is aimed at beyond it."""

    kind: str
    limit: float
    aim: float | None = None


class Row(NamedTuple):
    """A subject, the subject of the same group that it stands beside, its target; `known` was measured for the project."""

    subject: str
    reference: str = ""
    demand: Demand | None = None
    known: str = ""


class Table(NamedTuple):
    """A group's rows, the unit of its figures, and what a reader has to know of them."""

    title: str
    unit: str
    rows: Sequence[Row]
    notes: str


class Verdict(NamedTuple):
    """Whether a target is met, and its wording."""

    met: bool
    wording: str


YARD: Final = 81
"""What the bare MockTransport took, in microseconds, on the machine for which the targets in microseconds were set."""

KINDS: Final[dict[str, tuple[Callable[[Sequence[float], Sequence[float]], float], Callable[[float, float], bool], str]]] = {
    "under": (lambda figures, others: median(figures), float.__lt__, "under {limit:g} {unit}"),
    "under by the yard": (
        lambda figures, others: YARD * paired(truediv, figures, others),
        float.__lt__,
        f"under {{limit:g}} {{unit}} where the reference takes {YARD}",
    ),
    "at most times": (lambda figures, others: paired(truediv, figures, others), float.__le__, "at most {limit:g} × {reference}"),
    "at least times": (
        lambda figures, others: paired(truediv, figures, others),
        float.__ge__,
        "at least {limit:g} × {reference}",
    ),
    "at most more": (
        lambda figures, others: paired(sub, figures, others),
        float.__le__,
        "at most {limit:g} {unit} more than {reference}",
    ),
}
"""A kind of target: what it looks at, how that stands to the limit, how it is said."""


FOUND: Final = {"at most more": "; it is {:+.1f}", "under by the yard": "; it is {:.1f} there"}
"""What is said of the figure that is looked at, where the table does not show it."""


def verdict(row: Row, samples: Samples, unit: str) -> Verdict | None:
    """How a row's figures stand to its target; None where it has none."""
    if row.demand is None:
        return None
    look, holds, wording = KINDS[row.demand.kind]
    found = look(samples[row.subject], samples.get(row.reference, ()))
    said = wording.format(limit=row.demand.limit, unit=unit, reference=row.reference)
    if row.demand.aim is not None:
        said += f" (aim {row.demand.aim:g}{'' if holds(found, float(row.demand.aim)) else ', missed'})"
    if row.demand.kind in FOUND:
        said += FOUND[row.demand.kind].format(found)
    return Verdict(holds(found, float(row.demand.limit)), said)


_JSON = Demand("under by the yard", 80, 50)
_XML = Demand("under by the yard", 160, 100)
_HTTPX = Demand("at most times", 1.6)
_REQUESTS = Demand("at most times", 1)
_SERVED = Demand("at least times", 1)

MOCK_TRANSPORT = "httpx MockTransport, bare"
WITHOUT = "without [fast]: "
RESPX = "respx stub"
RESPX_ASYNC = "respx stub, async"
RESPONSES = "responses stub"
NULL = "requests, null adapter"
NULL_ALONE = "requests, null adapter, trust_env=False"
HTTPSERVER = "pytest-httpserver, canned body"
HTTPSERVER_THREADED = "pytest-httpserver, threaded=True"
PYTHON = "python -c pass"
PYTEST = "idle pytest"
PYTEST_EMPTY = "idle pytest -p an empty module"
HAR = "validate a HAR of 50 MB"
HAR_SMALL = "validate a HAR of 5 MB"
HAR_LOADED = "json.load of the HAR of 50 MB"
FLOOR = "Hypothesis: six integers in a dictionary"
BY_HAND = "a strategy by hand"
POSITIVE = "Schemathesis: valid"
NEGATIVE = "Schemathesis: negative"
OUR_VALID = "mockcloud: valid"
OUR_SIGNED = "mockcloud: valid, as signed bytes"
OUR_BROKEN = "mockcloud: broken, as signed bytes, judged and labelled"

_HANDLED = {
    "jdcloud create": _JSON,
    "jdcloud get": _JSON,
    "ucloud create": _JSON,
    "ucloud describe": _JSON,
    "pontus create": _JSON,
    "pontus get": _JSON,
    "tencent_ci MediaInfo create": _XML,
    "tencent_ci VoiceSeparate create": _XML,
    "tencent_ci MediaInfo describe": _XML,
}
THROUGH = ("jdcloud create", "pontus get", "tencent_ci MediaInfo create")
"""The requests that go through the client libraries."""

TABLES: Final[dict[str, Table]] = {
    "handle": Table(
        "Cloud.handle()",
        "µs",
        (
            *(Row(name, MOCK_TRANSPORT, demand) for name, demand in _HANDLED.items()),
            *(Row(WITHOUT + name, name) for name in _HANDLED),
            Row(MOCK_TRANSPORT, known="81"),
            Row("createThumbnailTask's body: jsonschema", known="84"),
            Row("createThumbnailTask's body: jsonschema-rs", "createThumbnailTask's body: jsonschema", known="0.5"),
            Row("VoiceSeparate's body: xmlschema 1.0", known="86"),
            Row("VoiceSeparate's body: xmlschema 1.1 with asserts", known="136"),
            Row("VoiceSeparate's body: lxml", "VoiceSeparate's body: xmlschema 1.0", known="2.3"),
        ),
        """
Each call verifies a valid signature, validates the request, keeps or reads the task, checks its own answer and writes the
journal. 16 differently signed requests take turns; building a `Request` is a transport's work and not counted.

The targets were set on a machine where the bare MockTransport took 81 µs. Machines differ by more than a factor of three, so a
figure is held to its target by its ratio to the MockTransport of the same rounds: it is what that machine would show.

A fresh cloud for each subject in each round, so that store and journal hold what one sample of creations leaves there (some
thousand), not what piled up. `get` and `describe` look at one finished task.

Without [fast]: in a process where `jsonschema_rs` and `lxml` cannot be imported; its samples take turns with the others. It has
no target. The body rows are bare validators on a body that is already parsed; what was measured for the project was measured on
the schemas of that time.
""",
    ),
    "in process": Table(
        "In process",
        "µs",
        (
            Row(MOCK_TRANSPORT, known="81"),
            *(Row(f"{RESPX}: {name}", MOCK_TRANSPORT, known="149") for name in THROUGH),
            *(Row(f"httpx through intercept(): {name}", f"{RESPX}: {name}", _HTTPX) for name in THROUGH),
            *(Row(f"{RESPX_ASYNC}: {name}", MOCK_TRANSPORT, known="170") for name in THROUGH),
            *(Row(f"httpx through intercept(), async: {name}", f"{RESPX_ASYNC}: {name}", _HTTPX) for name in THROUGH),
            Row(NULL, known="99 to 199"),
            Row(NULL_ALONE, NULL, known="99 to 199"),
            *(Row(f"{RESPONSES}: {name}", NULL, known="323") for name in THROUGH),
            *(Row(f"requests through intercept(): {name}", f"{RESPONSES}: {name}", _REQUESTS) for name in THROUGH),
            Row("bare WSGI call, raw environ", known="14"),
            Row("bare WSGI call, Werkzeug's request and response", "bare WSGI call, raw environ", known="46"),
            *(Row(f"wsgi_app, raw environ: {name}", "bare WSGI call, raw environ") for name in THROUGH),
            Row("werkzeug.test.Client, bare application"),
            *(Row(f"werkzeug.test.Client, wsgi_app: {name}", "werkzeug.test.Client, bare application") for name in THROUGH),
        ),
        """
Every stub is asked by the same call with the same signed request and says mockcloud's own answer by heart; it validates nothing
and keeps no state. Building the client's request is a part of all figures but MockTransport's, which is the least that httpx
costs. A WSGI row counts the call alone: its environ is made beforehand. A requests session looks for proxies in the environment
at each call, which costs more the more variables there are: all rows do but the one that says so and mockcloud's own, where no
proxy is involved.

boto3 under moto took 633 to 709 µs when the targets were written; it is not measured here.
""",
    ),
    "served": Table(
        "Served, 8 connections",
        "requests/s",
        (
            Row(HTTPSERVER, known="2130"),
            Row(HTTPSERVER_THREADED, HTTPSERVER),
            Row("mockcloud serve: pontus get", HTTPSERVER, _SERVED),
            Row("mockcloud serve: jdcloud create", HTTPSERVER, _SERVED),
        ),
        """
Server and load generator are processes of their own; the one client, on raw sockets, keeps 8 connections busy and opens one
again when the server closes it, as pytest-httpserver does after each answer.

Signatures are verified; answers other than 200 fail the run. The canned body is that of mockcloud's pontus get.

When the targets were written: moto's server 620, Prism 3280, Werkzeug's own server 2100. They are not measured here.
""",
    ),
    "start": Table(
        "Start",
        "ms",
        (
            Row(PYTHON),
            Row("python -c 'import mockcloud'", PYTHON, Demand("at most more", 20)),
            Row("import mockcloud, timed inside", demand=Demand("under", 20)),
            Row("import and Cloud(), timed inside"),
            Row("import, Cloud() and a first jdcloud create, timed inside"),
            Row("import, Cloud() and a first MediaInfo create, timed inside"),
            Row(PYTEST),
            Row("idle pytest, mockcloud's plugin installed", PYTEST, Demand("at most more", 5)),
            Row(PYTEST_EMPTY, PYTEST),
            Row("idle pytest -p mockcloud.pytest_plugin", PYTEST_EMPTY),
        ),
        """
A fresh process for each figure. The first two are whole processes, those timed inside the import and what follows it alone; with
a first request the contract of its provider is read and its validators are made.

Idle pytest: one empty test, pytest itself already imported, the plugins of other packages off. Installed is found by its entry
point; `-p` costs something even for an empty module.

Bytecode is there, as in an installed package: it is kept in a folder of the run.

When the targets were written respx's plugin added 105 ms, Hypothesis's 80.
""",
    ),
    "recordings": Table(
        "Recordings",
        "exchanges/s",
        (Row(HAR_LOADED), Row(HAR, HAR_LOADED), Row(WITHOUT + HAR, HAR)),
        """
A HAR of a browser: requests of the fixtures with their answers among the scripts and pictures of a page. A fresh process for
each figure, from its first import to its last verdict; each exchange of a vendor is two messages, judged both. The reference
only loads the file, whole, and judges nothing.
""",
    ),
    "memory": Table(
        "Memory of a recording's judgement",
        "MB",
        (
            Row(HAR_LOADED),
            Row(HAR_SMALL),
            Row(HAR, HAR_SMALL, Demand("at most times", 1.2)),
            Row(WITHOUT + HAR, HAR_SMALL),
        ),
        """
The most that each process held, the interpreter, the contracts and the validators included. What is bounded is the recording's
share: ten times the file must not take more.
""",
    ),
    "generation": Table(
        "Generation of createThumbnailTask",
        "cases/s",
        (
            Row(FLOOR, known="1900"),
            Row(BY_HAND, FLOOR, known="743"),
            Row(POSITIVE, FLOOR, known="279"),
            Row(OUR_VALID, POSITIVE, Demand("at least times", 2.5, 3)),
            Row(OUR_SIGNED, POSITIVE),
            Row(NEGATIVE, FLOOR, known="177"),
            Row(OUR_BROKEN, NEGATIVE, Demand("at least times", 3, 5)),
        ),
        """
Cases drawn in a Hypothesis run, whose own work for each example is a part of every figure: the floor is little else. A process
for each figure, importing and reading not counted. Schemathesis reads the OpenAPI document that we export, and makes cases of
arguments; so do our valid requests. Our broken ones are signed bytes that were decoded again and judged.
""",
    ),
}
