"""Completion: what is offered where TAB is pressed, how quickly it is known, and what the shells themselves make of it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from cases import ROOT
from commands import commands
from hypothesis import given
from hypothesis import strategies as st
from shells import Shell, environment, installed

from mockcloud.cli import completing, completion, names
from mockcloud.cli.typed import Typed
from mockcloud.contracts import folders
from mockcloud.reports.dossier import Dossier, dossiers
from mockcloud.reports.explain import explain

BREAKS = " \t\n\"'@><=;|&(:"
RULE = "jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum"


def offered(*words: str) -> list[str]:
    """What may stand in the place of the last word."""
    return [value for value, _ in completion._found(list(words[:-1]), words[-1])]


# The names -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", dossiers(), ids=lambda entry: entry.name)
def test_the_names_are_those_of_the_loaded_contract(entry: Dossier) -> None:
    contract = entry.contract
    assert names.providers()[entry.name] == contract.title
    assert set(names.operations(entry.name)) == {one.id for one in contract.operations.values()}
    of_owner: dict[str, dict[str, str]] = {}
    for rule in entry.rules():
        of_owner.setdefault(rule.operation, {})[rule.id] = rule.reason
    assert set(names.owners(entry.name)) == set(of_owner) | {one.id for one in contract.operations.values()}
    for owner in names.owners(entry.name):
        assert names.rules(owner) == of_owner.get(owner, {}), owner
    codes = {*contract.errors.codes, *contract.errors.conditions, *contract.contradictions}
    assert set(names.entries(entry.name)) == {f"{entry.name}:{code}" for code in codes}
    assert names.settings(entry.name) == {name: one.says for name, one in contract.settings.items()}
    for name, setting in contract.settings.items():
        assert names.values(entry.name, name) == (
            list(setting.values) or (["true", "false"] if setting.type == "boolean" else [])
        )


def test_the_providers_are_those_that_are_installed() -> None:
    assert set(names.providers()) == set(folders.known())


@pytest.mark.parametrize("provider", sorted(folders.known()))
def test_each_rule_is_reached_step_by_step_and_each_step_goes_on_from_what_was_typed(provider: str) -> None:
    for owner in names.owners(provider):
        found = names.rules(owner)
        for rule in list(found)[::9]:
            typed, taken = f"{owner}/", 0
            while typed != rule:
                items = completing.steps(found, typed)
                assert all(item.value.startswith(typed) and item.value != typed for item in items)
                assert all((item.value in found) == (item.type == "plain") for item in items)
                typed = next(item.value for item in items if rule.startswith(item.value) and item.type in ("plain", "part"))
                taken += 1
            assert taken <= rule.count("/")


def test_what_is_offered_whole_to_explain_can_be_explained() -> None:
    for typed in (*(f"{name}{mark}" for name in folders.known() for mark in ".:"), f"{RULE[:-7]}"):
        whole = [
            item.value
            for item in completing.explained(click.Context(click.Command("")), click.Option(["-x"]), typed)
            if item.type == "plain"
        ]
        assert whole
        for name in whole:
            explain(name)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("expl",), ["explain"]),
        (("explain", "uc"), ["ucloud.", "ucloud:"]),
        (("explain", "ucloud.GetR"), ["ucloud.GetRegion", "ucloud.GetRegion/"]),
        (("explain", "jdcloud:INVALID"), ["jdcloud:INVALID_ARGUMENT"]),
        (("explain", RULE[:-6]), [RULE]),
        (("explain", "nobody.x"), []),
        (("explain", "jdcloud.nothing/"), []),
        (("explain", RULE, ""), []),
        (("rules", "uc"), ["ucloud", "ucloud."]),
        (("rules", "jdcloud.ref"), ["jdcloud.refusal"]),
        (("rules", "tencent_ci.Task"), ["tencent_ci.TaskFinish"]),
        (("serve", "--provider", "uc"), ["ucloud"]),
        (("serve", "--provider=uc"), ["--provider=ucloud"]),
        (("serve", "--provider", "ucloud", "--provider", "po"), ["pontus"]),
        (("serve", "--listen", "uc"), ["ucloud="]),
        (("serve", "--credential", "uc"), ["ucloud:"]),
        (("serve", "--set", "uc"), ["ucloud."]),
        (("serve", "--set", "ucloud.unk"), ["ucloud.unknown_task="]),
        (("serve", "--set", "ucloud.unknown_task=e"), ["ucloud.unknown_task=empty"]),
        (("serve", "--set", "jdcloud.strict_nonce="), ["jdcloud.strict_nonce=true", "jdcloud.strict_nonce=false"]),
        (("serve", "--set", "jdcloud.no_such="), []),
        (("serve", "--auth", ""), ["strict", "off"]),
        (("serve", "--clock", "v"), ["virtual"]),
        (("serve", "--verb"), ["--verbose"]),
        (("validate", "--operation", "ucloud.GetR"), ["ucloud.GetRegion"]),
        (("validate", "--operation", "uc"), ["ucloud."]),
        (("validate", "--operation", "nobody."), []),
        (("validate", "--report", "j"), ["json=", "junit="]),
        (("validate", "--report", "nothing="), []),
        (("validate", "--report=junit=r"), ["--report=junit="]),
        (("validate", "r"), [""]),
        (("export", "o"), ["openapi"]),
        (("export", "openapi", "uc"), ["ucloud"]),
        (("export", "openapi", "ucloud", "--operation", "ucloud.GetR"), ["ucloud.GetRegion"]),
        (("completion", ""), ["bash", "zsh", "fish"]),
    ],
)  # fmt: skip
def test_at_a_word_is_offered(words: tuple[str, ...], found: list[str]) -> None:
    assert offered(*words) == found


def test_every_command_is_offered_without_importing_any() -> None:
    told = ask("zsh", "")
    assert [line.split("\t")[1] for line in told["lines"]] == [path[0] for path, _ in commands() if len(path) == 1]
    assert not [
        name
        for name in told["modules"]
        if name in {f"mockcloud.cli.{path[0]}" for path, _ in commands() if path} - {"mockcloud.cli.completion"}
    ]


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_each_parameter_that_takes_a_provider_or_an_operation_completes_them(
    path: tuple[str, ...], command: click.Command
) -> None:
    for parameter in command.params:
        metavar = parameter.metavar or str(parameter.name).upper()
        if any(word in metavar for word in ("PROVIDER", "OPERATION")) or metavar == "OP":
            assert parameter._custom_shell_complete is not None, f"{' '.join(path)} {parameter.name}"


# The answers ---------------------------------------------------------------------------------------------------------------

ASK = """
import io, json, sys
from mockcloud.cli import main
out, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO(), encoding="ascii")
try:
    main()
except SystemExit as ended:
    status = ended.code
lines = sys.stdout.buffer.getvalue().decode().splitlines()
out.write(json.dumps({"status": status, "lines": lines, "modules": sorted(sys.modules)}))
"""


def ask(shell: str, *arguments: str) -> dict[str, list[str]]:
    """What a shell is answered, with the modules that had to be imported."""
    variables = {"PYTHONPATH": str(ROOT), "_MOCKCLOUD_COMPLETE": shell, "PATH": "", "LC_ALL": "C"}
    command = [sys.executable, "-c", ASK, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, env=variables)
    assert ended.stderr == ""
    told: dict[str, list[str]] = json.loads(ended.stdout)
    return told


@pytest.mark.parametrize(
    "words", [("exp",), ("explain", ""), ("explain", RULE[:-7]), ("explain", "tencent_ci.CreateMediaJobs.MediaInfo/request#/"), ("explain", "tencent_ci:"), ("rules", "ucloud."), ("serve", "--set", "")]
)  # fmt: skip
def test_an_answer_imports_no_validator_no_server_and_no_contract(words: tuple[str, ...]) -> None:
    told = ask("zsh", *words)
    assert told["lines"]
    heavy = {"xmlschema", "jsonschema", "jsonschema_rs", "werkzeug", "yaml", "rich", "hypothesis", "mockcloud.cloud"}
    assert not heavy & set(told["modules"])
    assert "mockcloud.contracts.loader" not in told["modules"]


def test_an_answer_to_bash_is_what_stands_behind_the_last_break_of_words() -> None:
    assert ask("bash", f" explain {RULE[:-6]}", BREAKS)["lines"] == ["plain\tmaximum"]
    assert ask("bash", f" explain {RULE[:-6]}", BREAKS.replace(":", ""))["lines"] == [f"plain\t{RULE}"]


def test_behind_a_command_that_is_none_there_is_no_answer(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert completion.answer("zsh", ["no-such-command", ""]) == 1
    assert capsysbinary.readouterr() == (b"", b"")


def test_words_beside_a_name_are_one_short_line_of_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    item = completing.CompletionItem("a", help="转码\t\x1b[31m\n" + "x" * 200)
    told = completion._told("a", item)
    assert told.startswith("plain\ta\t转码  [31m x")
    assert len(told) == len("plain\ta\t") + 80


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh", ""])
def test_a_failure_is_no_answer_and_not_a_word(
    shell: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def fail() -> None:
        raise RuntimeError("a package of somebody else's does not load")

    monkeypatch.setattr(folders, "known", fail)
    assert completion.answer(shell, [" explain u", BREAKS] if shell == "bash" else ["explain", "u"]) == 1
    assert completion.answer(shell, []) == 1
    assert capsysbinary.readouterr() == (b"", b"")


# The line ------------------------------------------------------------------------------------------------------------------


@given(st.text())
def test_any_line_is_read(text: str) -> None:
    typed = Typed(BREAKS).take(text)
    assert isinstance(typed.put(typed.word), str)


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_words_in_quotes_are_read_as_a_shell_does(words: list[str]) -> None:
    assert Typed(BREAKS).take(shlex.join(words) + " ").words == words


@pytest.mark.parametrize(
    ("line", "words", "word", "name", "put"),
    [
        ("explain a:b", ["explain"], "a:b", "a:bc", "bc"),
        ("explain 'a:b", ["explain"], "a:b", "a:bc", "a:bc"),
        ("explain a:'b", ["explain"], "a:b", "a:bc", "bc"),
        ("explain 'a':b", ["explain"], "a:b", "a:bc", "bc"),
        (r"explain a\:b", ["explain"], "a:b", "a:bc", "a:bc"),
        ('explain "a b', ["explain"], "a b", "a b$", r"a b\$"),
        (r'explain "a\"b\c', ["explain"], r'a"b\c', r'a"b\cd', r"a\"b\\cd"),
        ("explain x/", ["explain"], "x/", "x/*/y", r"x/\*/y"),
        ("explain ''", ["explain"], "", "x", "x"),
        ("explain '' ", ["explain", ""], "", "x", "x"),
        ("explain a\\", ["explain"], "a", "ab", "ab"),
    ],
)
def test_a_line_is_its_words_and_what_is_put_in(line: str, words: list[str], word: str, name: str, put: str) -> None:
    typed = Typed(BREAKS).take(line)
    assert (typed.words, typed.word, typed.put(name)) == (words, word, put)


# The shells ----------------------------------------------------------------------------------------------------------------

LINES = [
    ("mockcloud expl", "mockcloud explain "),
    ("mockcloud explain uc", "mockcloud explain ucloud"),
    ("mockcloud explain ucloud.GetR", "mockcloud explain ucloud.GetRegion"),
    ("mockcloud explain jdcloud:1", "mockcloud explain jdcloud:1 "),
    (f"mockcloud explain {RULE[:-6]}", f"mockcloud explain {RULE} "),
    ("mockcloud explain ucloud.GetRegion/req", "mockcloud explain ucloud.GetRegion/request#/"),
    ("mockcloud explain 'jdcloud:INV", "mockcloud explain 'jdcloud:INVALID_ARGUMENT' "),
    ('mockcloud explain "jdcloud:INV', 'mockcloud explain "jdcloud:INVALID_ARGUMENT" '),
    (f"mockcloud explain '{RULE[:-6]}", f"mockcloud explain '{RULE}' "),
    ("mockcloud explain jdcloud.listThumbnailTask/response#/result/taskList/*/taskI", r"mockcloud explain jdcloud.listThumbnailTask/response#/result/taskList/\*/taskID:"),
    (r"mockcloud explain jdcloud.listThumbnailTask/response#/result/taskList/\*/taskID:t", r"mockcloud explain jdcloud.listThumbnailTask/response#/result/taskList/\*/taskID:type "),
    ("mockcloud serve --provider uc", "mockcloud serve --provider ucloud "),
    ("mockcloud serve --provider=uc", "mockcloud serve --provider=ucloud "),
    ("mockcloud serve --set ucloud.unk", "mockcloud serve --set ucloud.unknown_task="),
    ("mockcloud serve --set ucloud.unknown_task=em", "mockcloud serve --set ucloud.unknown_task=empty "),
    ("mockcloud serve --credential uc", "mockcloud serve --credential ucloud:"),
    ("mockcloud serve --auth o", "mockcloud serve --auth off "),
    ("mockcloud serve --verb", "mockcloud serve --verbose "),
    ("mockcloud serve --journal ke", "mockcloud serve --journal kept.jsonl "),
    ("mockcloud serve --journal=ke", "mockcloud serve --journal=kept.jsonl "),
    ("mockcloud validate ke", "mockcloud validate kept.jsonl "),
    ("mockcloud validate one.har ke", "mockcloud validate one.har kept.jsonl "),
    ("mockcloud validate --report junit=ke", "mockcloud validate --report junit=kept.jsonl "),
    ("mockcloud validate --report=junit=ke", "mockcloud validate --report=junit=kept.jsonl "),
    ("mockcloud contracts --check a", "mockcloud contracts --check a_folder/"),
    ("mockcloud rules > ke", "mockcloud rules > kept.jsonl "),
    ("mockcloud rules nobody", "mockcloud rules nobody"),
    ("true; SOME=1 mockcloud expl", "true; SOME=1 mockcloud explain "),
    ("bin/mockcloud expl", "bin/mockcloud explain "),
    ("~/bin/mockcloud expl", "~/bin/mockcloud explain "),
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("shells")
    (place / "kept.jsonl").touch()
    (place / "a_folder").mkdir()
    return place


@pytest.fixture(scope="module")
def pressed(request: pytest.FixtureRequest, place: Path) -> Iterator[Callable[[str], str]]:
    shell = Shell(request.param, place, environment(place))
    yield shell.pressed
    shell.close()


def with_terminal() -> list[object]:
    reason = "is not installed: what TAB does in it is not tested"
    return [
        pytest.param(name, marks=pytest.mark.skipif(not installed(name), reason=f"{name} {reason}")) for name in ("bash", "zsh")
    ]


@pytest.mark.parametrize("pressed", with_terminal(), indirect=True)
@pytest.mark.parametrize(("line", "becomes"), LINES)
def test_a_line_becomes_with_TAB(pressed: Callable[[str], str], line: str, becomes: str) -> None:  # the key's name
    # zsh puts a backslash before each `#` that is in no quotes, which is the same word.
    quoted = becomes if "'" in becomes else becomes.replace("#", r"\#")
    assert pressed(line) in (becomes, quoted)


@pytest.mark.parametrize("name", with_terminal())
@pytest.mark.parametrize("code", ["#!/bin/sh\nif [ -z \"$_MOCKCLOUD_COMPLETE\" ]; then exec {python} -m mockcloud \"$@\"; fi\necho Traceback >&2; echo '{{'; exit 1\n"])  # fmt: skip
def test_a_command_that_fails_leaves_the_line_and_the_terminal_as_they_are(name: str, code: str, tmp_path: Path) -> None:
    shell = Shell(name, tmp_path, environment(tmp_path, code.replace("{python}", sys.executable).replace("{{", "{")))
    try:
        assert shell.pressed("mockcloud explain uc") == "mockcloud explain uc"
        assert b"Traceback" not in shell.seen
    finally:
        shell.close()


@pytest.mark.skipif(not installed("zsh"), reason="zsh is not installed: what TAB does in it is not tested")
def test_the_script_that_is_saved_where_zsh_looks_for_functions_completes_from_the_first_TAB_on(tmp_path: Path) -> None:
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "_mockcloud").write_text(completion.script("zsh"))
    setup = "PS1='$ '; show() { printf '{{%s}}' \"$BUFFER\" }; zle -N show; bindkey '^X^L' show; fpath=(~/functions $fpath); autoload -Uz compinit; compinit -u"
    shell = Shell("zsh", tmp_path, environment(tmp_path), setup)
    try:
        assert shell.pressed("mockcloud expl") == "mockcloud explain "
    finally:
        shell.close()


FISH = [
    ("mockcloud expl", ["explain"]),
    ("mockcloud explain uc", ["ucloud.", "ucloud:"]),
    (f"mockcloud explain {RULE[:-6]}", [RULE]),
    ("mockcloud explain 'jdcloud:INV", ["jdcloud:INVALID_ARGUMENT"]),
    (r"mockcloud explain jdcloud.listThumbnailTask/response#/result/taskList/\*/taskID:t", ["jdcloud.listThumbnailTask/response#/result/taskList/*/taskID:type"]),
    ("mockcloud serve --provider=uc", ["--provider=ucloud"]),
    ("mockcloud serve --set ucloud.unknown_task=em", ["ucloud.unknown_task=empty"]),
    ("mockcloud serve --journal ke", ["kept.jsonl"]),
    ("mockcloud serve --journal=ke", ["--journal=kept.jsonl"]),
    ("mockcloud validate --report junit=ke", ["junit=kept.jsonl"]),
    ("mockcloud contracts --check a", ["a_folder/"]),
    ("mockcloud rules nobody", []),
    ("bin/mockcloud expl", ["explain"]),
]  # fmt: skip


@pytest.mark.skipif(not installed("fish"), reason="fish is not installed: what TAB does in it is not tested")
def test_fish_offers_by_its_own_completion(place: Path) -> None:
    code = 'mockcloud completion fish | source; for line in $argv; echo "> $line"; complete -C $line; end'
    command = ["fish", "--no-config", "-c", code, "--", *(line for line, _ in FISH)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=place, env=environment(place))
    assert ended.stderr == ""
    answers = [part.splitlines() for part in ended.stdout.split("> ")[1:]]
    assert [(line, [one.split("\t")[0] for one in found]) for line, *found in answers] == FISH


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_its_shell_can_read(name: str, tmp_path: Path) -> None:
    if not installed(name):
        pytest.skip(f"{name} is not installed: its script is not read")
    script = tmp_path / "script"
    script.write_text(completion.script(name))
    ended = subprocess.run([name, "-n", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
