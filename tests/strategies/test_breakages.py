"""What can be wrong with the bytes: one thing, wherever it is, and the rest as it was."""

from __future__ import annotations

import pytest

from mockcloud.drafting import decks
from mockcloud.drafting.cases import SIGNED_AT
from mockcloud.drafting.spoiling import breakages, signatures
from mockcloud.drafting.spoiling.minding import Trial
from mockcloud.messages import Request
from mockcloud.pipeline.service import WELL_KNOWN

ONE_OF_EACH = ["jdcloud.createThumbnailTask", "ucloud.CreateMediaTask", "pontus.createChannel", "tencent_ci.GenerateMediaInfo"]
each_provider = pytest.mark.parametrize("operation", ONE_OF_EACH)


def unsigned_and_signed(operation: str) -> tuple[Request, Request]:
    entry, _ = decks.operation_of(operation)
    case = decks.valid(operation)[0]
    asked = case.draft.request(case.host)
    assert entry.contract.behaviours.sign
    return asked, entry.contract.behaviours.sign(asked, WELL_KNOWN, SIGNED_AT)


def difference(one: Request, other: Request) -> list[str]:
    """The headers, and what else, in which two requests differ; the length of a body follows the body."""
    names = {name for name, _ in (*one.headers, *other.headers) if name.lower() != "content-length"}
    found = [
        name for name in sorted(names) if [v for n, v in one.headers if n == name] != [v for n, v in other.headers if n == name]
    ]
    return found + [part for part in ("method", "target", "host", "body") if getattr(one, part) != getattr(other, part)]


@each_provider
def test_every_alteration_of_a_component_changes_that_header_or_parameter_and_nothing_else(operation: str) -> None:
    before, after = unsigned_and_signed(operation)
    found = list(signatures.components(before, after))
    assert found
    for component in found:
        header = component.name.partition("/")[0]
        where = [header] if any(name == header for name, _ in after.headers) else ["body"]
        for done, change in signatures.ALTERATIONS.items():
            others = change(component.value, -1)
            changed = [] if others == (component.value,) else where
            assert difference(after, component.put(after, others)) == changed, f"{component.name} {done}"


@each_provider
def test_a_component_that_is_altered_differs_in_one_character_of_the_same_kind(operation: str) -> None:
    for component in (one for one in signatures.components(*unsigned_and_signed(operation)) if one.value):
        for at in (-1, 0, 5):
            other = signatures.altered(component.value, at)
            differing = [(one, two) for one, two in zip(component.value, other, strict=True) if one != two]
            assert len(differing) == 1, component.name
            assert {one.isdigit() for one in differing[0]} in ({True}, {False})


def test_a_text_without_letters_and_digits_is_altered_by_one_more() -> None:
    assert signatures.altered("--") == "--x"


@each_provider
def test_the_parts_of_a_value_are_told_by_their_names_and_put_back_where_they_stood(operation: str) -> None:
    before, after = unsigned_and_signed(operation)
    for component in signatures.components(before, after):
        assert component.put(after, (component.value,)) == after, component.name


@each_provider
def test_every_breakage_has_a_label_of_its_own_and_a_sentence(operation: str) -> None:
    entry, found = decks.operation_of(operation)
    breaking = Trial(entry.contract).breaking(found, unsigned_and_signed(operation)[0])
    made = list(breakages.breakages(breaking))
    assert len({one.label for one in made}) == len(made)
    assert all(one.says.startswith("A request of") or one.says.startswith("The path of") for one in made)


@each_provider
def test_a_cloud_minds_nothing_of_a_request_that_is_as_it_was(operation: str) -> None:
    entry, found = decks.operation_of(operation)
    asked, signed = unsigned_and_signed(operation)
    trial = Trial(entry.contract)
    assert trial.minded(trial.breaking(found, asked), breakages.Breakage("none", "Nothing.", lambda: signed)) is None


@pytest.mark.parametrize("reads", breakages.BODIES)
def test_every_way_to_spoil_a_body_makes_another_one(reads: str) -> None:
    body = {"json": b'{"a":"x1"}', "xml": b"<a><b>x1</b></a>", "parameters": b"a=x1"}[reads]
    same = [kind for kind, (_, spoil) in breakages.BODIES[reads].items() if spoil(body) == body]
    assert not same
