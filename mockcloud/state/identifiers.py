"""Identifiers in the shape that each provider declares; the only source of randomness.

Law: same seed, same calls: same identifiers.
"""

from __future__ import annotations

import base64
import random
import threading
from collections.abc import Callable, Mapping
from functools import cache, partial

from mockcloud.messages import Json

_GREGORIAN = 12_219_292_800
"""Seconds from the start of the UUID calendar to the epoch."""

Part = Callable[[float], str]


class Identifiers:
    """Makes one provider's identifiers. `shapes` is the contract's `identifiers`; see docs/contract-format.md."""

    def __init__(self, shapes: Mapping[str, Json], seed: int, provider: str) -> None:
        self._random = random.Random(f"{seed}/{provider}")
        self._lock = threading.Lock()
        self._millisecond, self._sequence = -1, 0
        self._counts: dict[int, int] = {}
        self._shapes = {name: [self._part(part) for part in parts] for name, parts in shapes.items()}

    def make(self, name: str, now: float) -> str:
        """The next identifier of this name."""
        with self._lock:
            return "".join([part(now) for part in self._shapes[name]])

    def _part(self, part: Json) -> Part:
        if isinstance(part, str):
            return lambda now: part
        kind = next(key for key in ("random", "time", "sequence", "count", "uuid", "base64") if key in part)
        return partial(getattr(self, f"_{kind}_part"), part) if kind != "base64" else self._base64(part)

    def _base64(self, part: Json) -> Part:
        inner = [self._part(item) for item in part["base64"]]
        return lambda now: base64.b64encode("".join(item(now) for item in inner).encode()).decode()

    def _random_part(self, part: Json, now: float) -> str:
        letters = _letters(part["random"])
        return "".join([letters[byte] for byte in self._random.randbytes(part["length"])])

    def _time_part(self, part: Json, now: float) -> str:
        return {
            "seconds": lambda: str(int(now)),
            "milliseconds": lambda: str(_milliseconds(now)),
            "hex-seconds": lambda: f"{int(now):x}",
        }[part["time"]]()

    def _sequence_part(self, part: Json, now: float) -> str:
        moment = _milliseconds(now)
        self._sequence = self._sequence + 1 if moment == self._millisecond else 0
        self._millisecond = moment
        width = part["sequence"]
        return f"{self._sequence % 10**width:0{width}d}"

    def _count_part(self, part: Json, now: float) -> str:
        count = self._counts.get(id(part), part["count"])
        self._counts[id(part)] = count + 1
        return str(count)

    def _uuid_part(self, part: Json, now: float) -> str:
        made = self._uuid1(now) if part["uuid"] == 1 else self._uuid4()
        return f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:]}" if part.get("hyphens") else made

    def _uuid4(self) -> str:
        random = f"{self._random.getrandbits(128):032x}"
        return f"{random[:12]}4{random[13:16]}{_variant(random[16])}{random[17:]}"

    def _uuid1(self, now: float) -> str:
        # The low bits keep two identifiers of one moment apart, as the clock sequence of a real one does.
        ticks = f"{int((now + _GREGORIAN) * 10_000_000) + self._random.getrandbits(16):015x}"
        random = f"{self._random.getrandbits(64):016x}"
        return f"{ticks[7:]}{ticks[3:7]}1{ticks[:3]}{_variant(random[0])}{random[1:]}"


def _variant(digit: str) -> str:
    """The digit that marks the layout of RFC 9562, with the two free bits of a random one."""
    return "89ab"[int(digit, 16) & 3]


@cache
def _letters(alphabet: str) -> str:
    """The letter of an alphabet for each random byte. The first ones come up a little more often, which no identifier minds."""
    return "".join(alphabet[byte % len(alphabet)] for byte in range(256))


def _milliseconds(now: float) -> int:
    return int(now * 1000 + 1e-4)
