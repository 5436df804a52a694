"""The contract as pytest collects it: what is run, what is skipped and why, what fails and how that looks, what is recorded."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from cases import ROOT

SUITE = """
from conduct.clients import Creating, Getting, Pontus
from conduct.wrong import MisspeltMember
from mockcloud import ClientContract


class TestGetting(Getting):
    examples = 2


class TestWrong(Creating):
    made_of = MisspeltMember
    examples = 2
"""
CHOSEN = "given or waits or twice"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ET.Element]:
    """What a run of the suite prints, and its report."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "test_mine.py").write_text(SUITE, encoding="utf-8")
    report = folder / "report.xml"
    command = (
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "-k",
        CHOSEN,
        f"--junit-xml={report}",
        "-p",
        "no:cacheprovider",
        "-W",
        "error",
    )
    path = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": "", "CI": "1"}
    done = subprocess.run(command, cwd=folder, env=path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout, ET.parse(report).getroot()


def test_only_the_users_classes_are_collected_each_with_its_tests(ran: tuple[str, ET.Element]) -> None:
    cases = {(case.get("classname"), case.get("name")) for case in ran[1].iter("testcase")}
    assert cases == {
        (f"test_mine.{suite}", f"test_it_{name}")
        for suite in ("TestGetting", "TestWrong")
        for name in ("sends_what_it_was_given", "waits_to_the_end_with_the_right_verdict", "creates_nothing_twice")
    }


def test_a_failure_is_the_page_alone(ran: tuple[str, ET.Element]) -> None:
    failure = next(ran[1].iter("failure"))
    assert failure.text is not None
    assert failure.text.startswith("pontus.createTranscodingTask: profile_name was given as 'x' and does not arrive")
    assert "client_contract.py" not in ran[0].partition("short test summary")[0]
    assert "hypothesis" not in ran[0].lower()


def test_what_does_not_apply_is_skipped_with_the_reason(ran: tuple[str, ET.Element]) -> None:
    assert "the class has no `wait`, so its client waits for nothing" in ran[0]


def test_the_number_of_cases_is_recorded_for_each_test(ran: tuple[str, ET.Element]) -> None:
    told = {
        case.get("name"): int(
            next(one.get("value", "") for one in case.iter("property") if one.get("name") == "mockcloud_examples")
        )
        for case in ran[1].iter("testcase")
        if case.get("classname") == "test_mine.TestGetting"
    }
    assert told["test_it_sends_what_it_was_given"] > 10
    assert told["test_it_waits_to_the_end_with_the_right_verdict"] == 0


def test_without_hypothesis_one_line_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from conduct.clients import Creating
    from conduct.running import run

    from mockcloud import client_contract

    monkeypatch.setattr(client_contract, "find_spec", lambda name: None)
    told = run(Creating, "sends_what_it_was_given").page
    assert told == "ClientContract needs the extra [hypothesis]: pip install 'mockcloud[hypothesis]'"


def test_importing_the_class_loads_no_hypothesis_and_no_client_library() -> None:
    heavy = "{'hypothesis', 'httpx', 'respx', 'requests', 'xmlschema'}"
    code = f"import sys; from mockcloud import ClientContract; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(ROOT), capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"
