"""Identifiers in the shape that each provider declares; the only source of randomness.

Law: same seed, same calls: same identifiers.
"""

from __future__ import annotations

import random
import threading
from binascii import b2a_base64
from collections.abc import Callable, Mapping
from itertools import count
from typing import Final

from mockcloud.messages import Json
from mockcloud.state.lazy import Lazy

_GREGORIAN = 12_219_292_800
"""Seconds from the start of the UUID calendar to the epoch."""

_MARKS: Final = 4 << 76 | 8 << 60
"""The version and the variant of a random UUID (RFC 9562)."""

_FREE: Final = ~(15 << 76 | 12 << 60)
"""The other bits of it."""

Part = Callable[[float], str]


class Identifiers:
    """Makes one provider's identifiers. `shapes` is the contract's `identifiers`; see docs/contract-format.md."""

    def __init__(self, shapes: Mapping[str, Json], seed: int, provider: str) -> None:
        self._random = random.Random(f"{seed}/{provider}")
        self._lock = threading.Lock()
        self._millisecond, self._sequence = -1, 0
        self._shapes: Lazy[Part] = Lazy(lambda name: self._whole(shapes[name]))

    def make(self, name: str, now: float) -> str:
        """The next identifier of this name."""
        with self._lock:
            return self._shapes[name](now)

    def random(self) -> str:
        """A text of 32 hex digits that no contract gives a shape."""
        with self._lock:
            return f"{self._random.getrandbits(128):032x}"

    def _whole(self, parts: Json) -> Part:
        made = [self._part(part) for part in parts if not isinstance(part, str)]
        if len(made) == len(parts) == 1:
            return made[0]
        form = "".join([part.replace("%", "%%") if isinstance(part, str) else "%s" for part in parts])
        return lambda now: form % tuple([part(now) for part in made])

    def _part(self, part: Json) -> Part:
        return next(makers(self, part) for kind, makers in _MAKERS.items() if kind in part)

    def _letters(self, part: Json) -> Part:
        length, draw, table = part["length"], self._random.getrandbits, _table(part["random"])
        bits = 8 * length
        if isinstance(table, bytes):
            return lambda now: draw(bits).to_bytes(length, "little").translate(table).decode("ascii")
        return lambda now: "".join([table[byte] for byte in draw(bits).to_bytes(length, "little")])

    def _sequenced(self, part: Json) -> Part:
        width: int = part["sequence"]
        wrap: int = 10**width
        form = f"%0{width}d"

        def sequence(now: float) -> str:
            moment = _milliseconds(now)
            self._sequence = self._sequence + 1 if moment == self._millisecond else 0
            self._millisecond = moment
            return form % (self._sequence % wrap)

        return sequence

    def _counted(self, part: Json) -> Part:
        counter = count(part["count"])
        return lambda now: str(next(counter))

    def _uuid(self, part: Json) -> Part:
        draw = self._random.getrandbits
        make = self._uuid1 if part["uuid"] == 1 else lambda now: f"{draw(128) & _FREE | _MARKS:032x}"
        return (lambda now: _hyphenated(make(now))) if part.get("hyphens") else make

    def _encoded(self, part: Json) -> Part:
        inner = self._whole(part["base64"])
        return lambda now: b2a_base64(inner(now).encode(), newline=False).decode()

    def _uuid1(self, now: float) -> str:
        # The low bits keep two identifiers of one moment apart, as the clock sequence of a real one does.
        ticks = f"{int((now + _GREGORIAN) * 10_000_000) + self._random.getrandbits(16):015x}"
        random = f"{self._random.getrandbits(64):016x}"
        return f"{ticks[7:]}{ticks[3:7]}1{ticks[:3]}{_variant(random[0])}{random[1:]}"


_TIMES: Final[dict[str, Part]] = {
    "seconds": lambda now: str(int(now)),
    "milliseconds": lambda now: str(_milliseconds(now)),
    "hex-seconds": lambda now: f"{int(now):x}",
}
_MAKERS: Final[dict[str, Callable[[Identifiers, Json], Part]]] = {
    "random": Identifiers._letters,  # noqa: SLF001  # the table of this class's own methods
    "time": lambda _, part: _TIMES[part["time"]],
    "sequence": Identifiers._sequenced,  # noqa: SLF001  # as above
    "count": Identifiers._counted,  # noqa: SLF001  # as above
    "uuid": Identifiers._uuid,  # noqa: SLF001  # as above
    "base64": Identifiers._encoded,  # noqa: SLF001  # as above
}
"""What makes each kind of part."""


def _hyphenated(made: str) -> str:
    return f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:]}"


def _variant(digit: str) -> str:
    """The digit that marks the layout of RFC 9562, with the two free bits of a random one."""
    return "89ab"[int(digit, 16) & 3]


def _table(alphabet: str) -> bytes | str:
    """The letter of an alphabet for each random byte. The first ones come up a little more often, which no identifier minds."""
    table = "".join(alphabet[byte % len(alphabet)] for byte in range(256))
    return table.encode() if table.isascii() else table


def _milliseconds(now: float) -> int:
    return int(now * 1000 + 1e-4)
