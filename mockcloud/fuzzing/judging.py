"""What a server answered against what the contract answers.

Knows the two envelopes and the judge of recorded answers. Law: of one answer the first thing that is wrong is told, and of an
answer of the right kind every rule that it breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.sources import first_document
from mockcloud.drafting.client.landmarks import Landmarks
from mockcloud.fuzzing.deviation import Deviation
from mockcloud.messages import Request, Response, shortened
from mockcloud.traffic import answers
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.verdict import Outcome, Verdict

HERE = Place("server")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the contract answers to a request: a refusal with this code and status, or, without a code, what was asked for.

    `rule` is the rule that the request breaks, or a name of what it is; `evidence` is why that is believed.
    """

    rule: str
    says: str
    evidence: tuple[str, ...]
    code: str = ""
    status: int = 0

    @property
    def refusal(self) -> str:
        """The refusal in words."""
        return f"a refusal with {self.code} and status {self.status}"


@dataclass(frozen=True, slots=True)
class Heard:
    """A request of an operation, and what came back: an answer, or a sentence that says why there is none."""

    operation: Operation
    request: Request
    response: Response | None
    problem: str = ""


class Judging:
    """Judges the answers of one provider."""

    def __init__(self, contract: Contract, landmarks: Landmarks) -> None:
        self._contract, self._landmarks = contract, landmarks

    def refused(self, heard: Heard) -> str | None:
        """The code that the server refused with; None where it did what it was asked, or gave no answer."""
        return None if heard.response is None else self._landmarks.refused(heard.response)

    def deviations(self, heard: Heard, wanted: Wanted) -> Iterator[Deviation]:
        """Everything in which the answer deviates."""
        if heard.response is None:
            what = wanted.refusal if wanted.code else "an answer"
            yield self.deviation("no-answer", heard, wanted.rule, wanted.says, what, heard.problem, wanted.evidence)
            return
        code, verdict = self._landmarks.refused(heard.response), self.verdict(heard.operation, heard.response)
        if wanted.code and (code, heard.response.status) != (wanted.code, wanted.status):
            yield self._of_refusal(heard, heard.response, wanted, code)
            return
        if not wanted.code and code is not None:
            found = f"a refusal with {code or 'no code'} and status {heard.response.status}"
            says = wanted.says
            yield self.deviation("refused", heard, wanted.rule, says, "a documented answer", found, wanted.evidence)
            return
        yield from self._of_form(heard, verdict, wanted)

    def _of_refusal(self, heard: Heard, response: Response, wanted: Wanted, code: str | None) -> Deviation:
        kind = "accepted" if code is None else "code" if code != wanted.code else "status"
        said = {"accepted": "an answer with", "code": f"{code or 'no code'} and", "status": "the code with"}[kind]
        found = f"{said} status {response.status}"
        return self.deviation(kind, heard, wanted.rule, wanted.says, wanted.refusal, found, wanted.evidence)

    def _of_form(self, heard: Heard, verdict: Verdict, wanted: Wanted) -> Iterator[Deviation]:
        if verdict.outcome is Outcome.UNJUDGED:
            yield self.deviation("unreadable", heard, wanted.rule, wanted.says, "a documented answer", verdict.reason, ())
        for one in verdict.findings:
            broken = one.violation
            place, found = broken.where or "the answer", "" if broken.found is None else f" {shortened(broken.found)}"
            yield Deviation(
                "answer", heard.operation.id, broken.rule, wanted.says, f"an answer that keeps {broken.rule}",
                f"{place}{found} {broken.reason}", heard.request, heard.response, broken.document, broken.line, one.evidence,
            )  # fmt: skip

    def verdict(self, operation: Operation, response: Response) -> Verdict:
        """What the judge of recorded messages says of an answer."""
        return answers.verdict(Recorded(HERE, response=response), response, self._contract, operation, operation.id)

    def deviation(
        self, kind: str, heard: Heard, rule: str, says: str, wanted: str, found: str, evidence: tuple[str, ...]
    ) -> Deviation:
        """A deviation with the document that its evidence names."""
        source = first_document(self._contract, evidence)
        name, line = (source.name, source.place) if source else ("", None)
        asked, answered = heard.request, heard.response
        return Deviation(kind, heard.operation.id, rule, says, wanted, found, asked, answered, name, line, evidence)
