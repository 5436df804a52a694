"""The shipped profile: the same failure everywhere, and no clock that decides."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

from mockcloud.strategies import profile


def test_the_profile_is_registered_and_knows_no_deadline() -> None:
    found = settings.get_profile(profile.NAME)
    assert found.deadline is None
    assert not found.print_blob
    assert set(profile.SLOW) <= set(found.suppress_health_check)


def test_chance_decides_nothing_in_ci_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert profile.profile().derandomize
    assert profile.profile().database is None


def test_failing_examples_are_kept_where_a_person_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert not profile.profile().derandomize
    assert isinstance(profile.profile().database, DirectoryBasedExampleDatabase)


def test_single_settings_can_be_changed_and_what_is_derandomised_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    changed = profile.profile(max_examples=7, derandomize=True)
    assert (changed.max_examples, changed.derandomize, changed.database) == (7, True, None)


def test_without_hypothesis_a_strategy_says_which_command_installs_it() -> None:
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from mockcloud import strategies\n"
        "try:\n    strategies.requests\n"
        "except ImportError as missing:\n    print(type(missing).__name__, missing)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert (
        said == "MissingExtra mockcloud.strategies.requests needs the extra [hypothesis]: pip install 'mockcloud[hypothesis]'\n"
    )


def test_every_strategy_has_a_home_that_is_not_called_like_it() -> None:
    from mockcloud import strategies

    assert {name for name, home in strategies._HOMES.items() if name == home} == set()
