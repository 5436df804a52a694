"""What a recording holds, as the readers hand it to the judge.

Knows no file format and no contract. Law: what cannot be read is handed on too, with the problem in words: nothing that
stands in a recording is lost in silence.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockcloud.messages import Request, Response


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: the file as the user named it (`-` is standard input), the message's number in it, counted
    from 1, and the line of the file on which it begins."""

    file: str
    number: int = 1
    line: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of a recording, or what is left of it.

    `request` and `response` are None where the recording has none. `body` is a body that stands alone, without the message
    around it: then both are None. `problem` says why the whole could not be read, `request_problem` and `response_problem`
    why the body of that side was not recorded; empty where it was. `operation` is the one that the recording itself names.
    `request_line` and `response_line` are the lines of the file on which those bodies begin, where they stand in it as they
    are (not escaped, encoded or chunked): None where they do not.
    """

    place: Place
    request: Request | None = None
    response: Response | None = None
    body: bytes | None = None
    problem: str = ""
    request_problem: str = ""
    response_problem: str = ""
    operation: str = ""
    request_line: int | None = None
    response_line: int | None = None
