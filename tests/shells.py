"""Shells with a terminal: what a line becomes when TAB is pressed in it."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
from pathlib import Path
from time import monotonic

from cases import ROOT

PATIENCE = 30.0
SHOWN = re.compile(rb"\{\{(.*?)\}\}", re.DOTALL)

# The keys ^X^L show the line, as it stands in the editor of the shell.
BASH = """PS1='$ '; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; bind 'set completion-query-items 0'
bind 'set page-completions off'; show() { printf '{{%s}}' "$READLINE_LINE"; }; bind -x '"\\C-x\\C-l": show'
"""
ZSH = """PS1='$ '; unsetopt BEEP; LISTMAX=9999; show() { printf '{{%s}}' "$BUFFER" }; zle -N show; bindkey '^X^L' show
"""
STARTED = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], BASH + 'eval "$(mockcloud completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], ZSH + 'eval "$(mockcloud completion zsh)"'),
}


def environment(place: Path, code: str = "") -> dict[str, str]:
    """An environment in which the command mockcloud is this checkout's, or does what the code says."""
    folder = place / "bin"
    folder.mkdir(exist_ok=True)
    script = folder / "mockcloud"
    script.write_text(code or f'#!/bin/sh\nexec "{sys.executable}" -m mockcloud "$@"\n')
    script.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {
        **os.environ,
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "HOME": str(place),
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
        "ZDOTDIR": str(place),
    }


class Shell:
    """An interactive shell of a name, in a folder."""

    def __init__(self, name: str, folder: Path, variables: dict[str, str], setup: str | None = None) -> None:
        command, usual = STARTED[name]
        self.seen = b""
        self._terminal, end = pty.openpty()
        termios.tcsetwinsize(end, (50, 500))
        self._process = subprocess.Popen(
            command, stdin=end, stdout=end, stderr=end, cwd=folder, env=variables, start_new_session=True, close_fds=True
        )
        os.close(end)
        self._send(f"{usual if setup is None else setup}\nprintf '{{{{%s}}}}' ready\n")
        while self._shown() != "ready":
            pass

    def pressed(self, line: str) -> str:
        """What a line is after TAB."""
        self.seen = b""
        self._send(f"\x15{line}\t\x18\x0c")
        return self._shown()

    def _send(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def _shown(self) -> str:
        """What the shell shows next between its marks."""
        until = monotonic() + PATIENCE
        while not (found := SHOWN.search(self.seen)):
            if not select.select([self._terminal], [], [], max(0.0, until - monotonic()))[0]:
                raise AssertionError(f"the shell shows nothing: {self.seen!r}")
            self.seen += os.read(self._terminal, 65536)
        self.seen = self.seen[found.end() :]
        return found[1].decode()

    def close(self) -> None:
        """End the shell and whatever it started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._terminal)


def installed(name: str) -> bool:
    """Whether the shell is there."""
    return shutil.which(name) is not None
