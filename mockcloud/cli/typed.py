"""What was typed on a command line up to the cursor, as a shell reads it.

Knows quotes, backslashes and bash's breaks of words; no command. Law: any text is read, half a quote too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

BLANKS = " \t\n"
ESCAPED_IN_DOUBLE = '"\\$`'
SPECIAL = frozenset(BLANKS + "'\"\\$`()<>|&;*?[]{}!")
"""What bash does not take for itself unless a backslash stands before it."""


@dataclass(slots=True)
class Typed:
    """A line, read mark by mark.

    `words` are those before the one that the cursor stands in, `word` is that one, all without their quotes. `quote` is the
    one that is open.
    """

    breaks: str = ""
    words: list[str] = field(default_factory=list)
    word: str = ""
    quote: str = ""
    _opened: int = 0
    _broken: int = 0
    _begun: bool = False

    def take(self, text: str) -> Typed:
        """Read on."""
        escaped = False
        for mark in text:
            if escaped:
                lone = self.quote == '"' and mark not in ESCAPED_IN_DOUBLE
                self._add(f"\\{mark}" if lone else mark)
                escaped = False
            elif mark == "\\" and self.quote != "'":
                escaped = True
            else:
                self._take(mark)
        return self

    def _take(self, mark: str) -> None:
        if self.quote:
            if mark == self.quote:
                self.quote = ""
            else:
                self._add(mark)
        elif mark in "'\"":
            self.quote, self._opened, self._begun = mark, len(self.word), True
        elif mark in BLANKS:
            self._end()
        else:
            self._add(mark)
            if mark in self.breaks:
                self._broken = len(self.word)

    def _add(self, mark: str) -> None:
        self.word += mark
        self._begun = True

    def _end(self) -> None:
        if self._begun:
            self.words.append(self.word)
        self.word, self._broken, self._begun = "", 0, False

    def put(self, name: str) -> str:
        """What bash is to put in for the word to become the name."""
        # It leaves alone what stands before the last break, or before the quote that is open.
        rest = name[self._opened if self.quote else self._broken :]
        if self.quote == "'":
            return rest
        special = ESCAPED_IN_DOUBLE if self.quote else SPECIAL
        return "".join(f"\\{mark}" if mark in special else mark for mark in rest)
