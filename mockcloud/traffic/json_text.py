"""A piece of JSON that came with a recording, into plain data.

Law: a stranger's JSON costs no more than its size allows: what has too many values, or is nested too deep, is refused in words.
"""

from __future__ import annotations

import json
from typing import Final

from mockcloud.messages import Json
from mockcloud.traffic.exchange import Unfit

VALUES: Final = 5_000_000
"""Commas and opening brackets, also those in texts: each may stand for a value, which takes a hundred bytes."""


def parsed(data: bytes, line: int = 1) -> Json:
    """What the bytes say. `line` is that on which they begin. Raises Unfit."""
    if len(data) > VALUES and data.count(b",") + data.count(b"[") + data.count(b"{") > VALUES:
        raise Unfit(f"has more than {VALUES} values")
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as problem:
        lines = data.count(b"\n", 0, problem.start)
        raise Unfit(f"is not UTF-8 on line {line + lines}") from None
    except RecursionError:
        raise Unfit("is nested too deep") from None
    except json.JSONDecodeError as problem:
        where = f"line {line + problem.lineno - 1}, column {problem.colno}"
        raise Unfit(f"is no JSON at {where}: {problem.msg}") from None
    except ValueError as problem:
        raise Unfit(f"is no JSON: {str(problem).partition(';')[0]}") from None
