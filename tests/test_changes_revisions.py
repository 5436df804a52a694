"""Contracts as git has them: named as git names them, read without touching the user's tree, and every slip told in a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from editions import copied, dropped, put, told

from mockcloud.changes import revisions
from mockcloud.changes.diff import diff
from mockcloud.changes.origins import opened
from mockcloud.errors import UsageError

Git = Callable[..., str]
PLACE = "pontus/lifecycle.json#/task/states/PENDING/after"


def run(*arguments: str) -> str:
    named = ["-c", "user.name=made up", "-c", "user.email=made@up.example"]
    return subprocess.run(["git", *named, *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three revisions: no contract, one whose tasks wait 2 seconds (tag v1), one whose tasks wait 9."""
    top = tmp_path_factory.mktemp("made") / "repository"
    top.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        alone(patch)
        patch.chdir(top)
        run("init", "-q", "-b", "trunk")
        run("commit", "-q", "--allow-empty", "-m", "nothing")
        folder = copied(top / "schemas", "pontus")
        run("add", ".")
        run("commit", "-q", "-m", "2 seconds")
        run("tag", "v1")
        later = copied(top.parent / "later", "pontus", {"lifecycle.json": put("task", "states", "PENDING", "after", value=9)})
        (folder / "lifecycle.json").write_bytes((later / "lifecycle.json").read_bytes())
        run("commit", "-q", "-a", "-m", "9 seconds")
    return top


def alone(patch: pytest.MonkeyPatch) -> None:
    """Git that knows nothing of the user's own settings."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        patch.delenv(name)
    patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    patch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


@pytest.fixture
def repository(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the repository, which is the current directory."""
    alone(monkeypatch)
    top = Path(shutil.copytree(made, tmp_path / "repository"))
    monkeypatch.chdir(top)
    return top


@pytest.fixture
def git(repository: Path) -> Git:
    return run


def compared(old: str, new: str) -> list[tuple[str, str, bool]]:
    with opened(old, new) as (before, after):
        return told(diff(before, after))


WAITS = [("duration-changed", PLACE, False)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("v1", "HEAD"),
        ("HEAD~1", "schemas"),
        ("v1", "schemas/pontus"),
        ("v1:schemas", "trunk:./schemas/"),
        ("v1:schemas/pontus", "schemas"),
        ("HEAD^", "HEAD:schemas/pontus"),
    ],
)
def test_a_revision_is_compared_by_whichever_name(repository: Path, old: str, new: str) -> None:
    assert compared(old, new) == WAITS


def test_a_revision_without_a_path_has_the_path_of_the_folder_that_it_is_compared_with(repository: Path, git: Git) -> None:
    git("mv", "schemas", "contracts")
    git("commit", "-q", "-m", "elsewhere")
    assert compared("HEAD", "contracts/pontus") == []


def test_a_name_that_is_a_folder_and_a_revision_is_the_folder(repository: Path, git: Git) -> None:
    copied(repository / "v1", "pontus", {"lifecycle.json": put("task", "states", "PENDING", "after", value=5)})
    with opened("v1", "HEAD") as (before, _):
        assert before["pontus"].data["lifecycle"]["task"]["states"]["PENDING"]["after"] == 5


def test_the_repository_is_found_from_below_its_top(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "schemas" / "pontus")
    assert compared("v1", "HEAD") == WAITS


def test_nothing_of_the_users_tree_is_touched(repository: Path, git: Git) -> None:
    (repository / "schemas" / "pontus" / "lifecycle.json").write_text("not even JSON", encoding="utf-8")
    (repository / "untracked").write_text("mine", encoding="utf-8")
    before = git("status", "--porcelain"), sorted(repository.rglob("*"))
    assert compared("v1", "HEAD") == WAITS
    assert (git("status", "--porcelain"), sorted(repository.rglob("*"))) == before


def test_attributes_of_an_archive_hide_nothing(repository: Path, git: Git) -> None:
    (repository / ".gitattributes").write_text("schemas/pontus/lifecycle.json export-ignore\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "attributes")
    assert compared("v1", "HEAD") == WAITS


def test_the_temporary_folder_is_gone_afterwards(repository: Path) -> None:
    with opened("v1", "HEAD") as (before, after):
        held = [before["pontus"].folder, after["pontus"].folder]
        assert all(folder.is_dir() for folder in held)
    assert not any(folder.exists() for folder in held)


def test_a_name_with_other_letters_is_a_name(repository: Path, git: Git) -> None:
    (repository / "schemas" / "pontus" / "备注 notes.txt").write_text("x", encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "a note")
    assert compared("v1", "HEAD") == WAITS


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("v2", "'v2' is neither a folder nor a revision of the repository here"),
        ("HEAD~9", "'HEAD~9' is neither a folder nor a revision"),
        ("HEAD~2", "the revision 'HEAD~2' has no folder 'schemas'; say where they are: HEAD~2:path/to/schemas"),
        ("HEAD:contracts", "the revision 'HEAD' has no folder 'contracts'"),
        ("HEAD:schemas/pontus/provider.json", "has no folder 'schemas/pontus/provider.json'"),
        ("HEAD:../schemas", "counted from the top of the repository, and has no '..'"),
        ("HEAD:schemas/pontus/requests", "'HEAD:schemas/pontus/requests' holds no contract"),
        ("--output=stolen", "begins with no '-'"),
        ("-h", "begins with no '-'"),
        (":schemas", "is not empty"),
        ("", "is not empty"),
        ("HEAD\n", "is neither a folder nor a revision"),
    ],
)
def test_what_is_no_revision_or_has_no_contract_is_told_in_a_sentence(repository: Path, name: str, said: str) -> None:
    with pytest.raises(UsageError) as caught, opened(name, "HEAD"):
        pass
    assert said in str(caught.value)
    assert not (repository / "stolen").exists()


def test_a_contract_that_does_not_load_is_told_with_its_revision_file_and_place(repository: Path, git: Git) -> None:
    shrunk = repository.parent / "shrunk"
    folder = copied(shrunk, "pontus", {"lifecycle.json": dropped("task", "initial")})
    (repository / "schemas" / "pontus" / "lifecycle.json").write_bytes((folder / "lifecycle.json").read_bytes())
    git("commit", "-q", "-a", "-m", "broken")
    with (
        pytest.raises(UsageError, match="the contract of 'HEAD' does not load here: pontus/lifecycle.json#/task: 'initial' is a"),
        opened("v1", "HEAD"),
    ):
        pass


def test_outside_of_a_repository_a_revision_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="the current directory is in no git repository"), opened("HEAD", "HEAD"):
        pass


def test_without_git_a_revision_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is needed, which is not installed"), opened("HEAD", "HEAD"):
        pass


def test_a_revision_that_holds_too_much_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "FILES", 3)
    with pytest.raises(UsageError, match="holds more than 3 files"), opened("v1", "HEAD"):
        pass
    monkeypatch.undo()


def test_a_revision_whose_files_are_too_large_is_refused_before_they_are_read(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "BYTES", 1000)
    with pytest.raises(UsageError, match="holds more than 1000 bytes"), opened("v1", "HEAD"):
        pass


def test_a_link_in_a_revision_is_not_followed(repository: Path, git: Git, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    target = repository / "schemas" / "pontus" / "callbacks.json"
    target.symlink_to(tmp_path / "secret.json")
    git("add", ".")
    git("commit", "-q", "-m", "a link")
    assert compared("v1", "HEAD") == WAITS
