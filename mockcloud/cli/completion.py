"""`mockcloud completion`: the script that a shell completes our commands with, and the answers that the script asks for.

Knows three shells. Law: whatever goes wrong while an answer is looked for, the shell hears nothing of it but that there is none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mockcloud.cli.examples import Exemplified

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

LONGEST: Final = 80
"""Characters of what is said beside a name."""


@click.command(cls=Exemplified, examples=[("mockcloud completion bash", ""), ("mockcloud completion fish", "")])
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """The script that completes commands, options and names with TAB.

    A shell takes it in when it starts, from this line in its own file:

    \b
      bash   ~/.bashrc                    eval "$(mockcloud completion bash)"
      zsh    ~/.zshrc                     eval "$(mockcloud completion zsh)"
      fish   ~/.config/fish/config.fish   mockcloud completion fish | source

    Saved once it costs nothing at the start, and is to be saved again after an upgrade:

    \b
      bash   ~/.local/share/bash-completion/completions/mockcloud
      zsh    _mockcloud in a folder of $fpath
      fish   ~/.config/fish/completions/mockcloud.fish
    """
    click.echo(script(shell), nl=False)


def script(shell: str) -> str:
    """The script of a shell."""
    return (Path(__file__).parent / "shells" / f"mockcloud.{shell}").read_text(encoding="utf-8")


def answer(asked: str, arguments: list[str]) -> int:
    """Print what may stand at the cursor, a line each: the kind, what is to be put in, and a few words, with tabs between.

    `asked` is the shell. bash gives the line and its breaks of words; the others each word, the last up to the cursor.
    A kind is `plain`, `part` (no blank behind it), `file` or `dir`; of the last two what stands before the path is told.
    """
    try:
        lines = ANSWERS[asked](arguments)
    except Exception:  # noqa: BLE001  # a prompt is no place for a traceback
        return 1
    # As bytes: what a terminal can show is the shell's affair.
    sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
    return 0


def _to_bash(arguments: list[str]) -> list[str]:
    from mockcloud.cli.typed import Typed

    line, breaks = arguments
    typed = Typed(breaks).take(line)
    found = _found(typed.words, typed.word)
    return [f"{item.type}\t{value if item.type in ('file', 'dir') else typed.put(value)}" for value, item in found]


def _to_zsh(arguments: list[str]) -> list[str]:
    return [_told(value, item) for value, item in _found(arguments[:-1], arguments[-1])]


def _to_fish(arguments: list[str]) -> list[str]:
    from mockcloud.cli.typed import Typed

    # The last word is as it was typed, with its quotes.
    return _to_zsh([*arguments[:-1], Typed().take(arguments[-1]).word])


ANSWERS: Final[dict[str, Callable[[list[str]], list[str]]]] = {"bash": _to_bash, "zsh": _to_zsh, "fish": _to_fish}


def _found(words: list[str], word: str) -> list[tuple[str, CompletionItem[str]]]:
    """What may stand in the place of a word, whole, and what click says of it."""
    from click.shell_completion import ShellComplete

    from mockcloud.cli import cli

    items = ShellComplete(cli, {}, "mockcloud", "").get_completions(words, word)
    # click asks for the value behind `--option=` alone.
    before = word[: word.index("=") + 1] if word.startswith("--") and "=" in word else ""
    paths = ("file", "dir")  # of which the shell is told what stands before them
    return [(before + ((item.before or "") if item.type in paths else item.value), item) for item in items]


def _told(value: str, item: CompletionItem[str]) -> str:
    says = "".join(mark if mark.isprintable() else " " for mark in item.help or "")
    says = says if len(says) <= LONGEST else f"{says[: LONGEST - 1]}…"
    return f"{item.type}\t{value}\t{says}".rstrip("\t")
