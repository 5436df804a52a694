"""Identifiers in the shape that each provider declares; the only source of randomness.

Law: same seed, same calls: same identifiers.
"""

from __future__ import annotations

import base64
import random
import threading
from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from mockcloud.messages import Json

_GREGORIAN = 12_219_292_800
"""Seconds from the start of the UUID calendar to the epoch."""

Part = Callable[[float], str]


class Identifiers:
    """Makes one provider's identifiers. `shapes` is the contract's `identifiers`; see docs/contract-format.md."""

    def __init__(self, shapes: Mapping[str, Json], seed: int, provider: str) -> None:
        self._random = random.Random(f"{seed}/{provider}")
        self._lock = threading.Lock()
        self._millisecond, self._sequence = 0, 0
        self._counts: dict[int, int] = {}
        self._shapes = {name: [self._part(part) for part in parts] for name, parts in shapes.items()}

    def make(self, name: str, now: float) -> str:
        """The next identifier of this name."""
        with self._lock:
            return "".join(part(now) for part in self._shapes[name])

    def _part(self, part: Json) -> Part:
        if isinstance(part, str):
            return lambda now: part
        kind = next(key for key in ("random", "time", "sequence", "count", "uuid", "base64") if key in part)
        return partial(getattr(self, f"_{kind}_part"), part) if kind != "base64" else self._base64(part)

    def _base64(self, part: Json) -> Part:
        inner = [self._part(item) for item in part["base64"]]
        return lambda now: base64.b64encode("".join(item(now) for item in inner).encode()).decode()

    def _random_part(self, part: Json, now: float) -> str:
        return "".join(self._random.choices(part["random"], k=part["length"]))

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
        return f"{self._sequence:0{part['sequence']}d}"

    def _count_part(self, part: Json, now: float) -> str:
        count = self._counts.get(id(part), part["count"])
        self._counts[id(part)] = count + 1
        return str(count)

    def _uuid_part(self, part: Json, now: float) -> str:
        made = self._uuid1(now) if part["uuid"] == 1 else UUID(int=self._random.getrandbits(128), version=4)
        return str(made) if part.get("hyphens") else made.hex

    def _uuid1(self, now: float) -> UUID:
        # The low bits keep two identifiers of one moment apart, as the clock sequence of a real one does.
        ticks = int((now + _GREGORIAN) * 10_000_000) + self._random.getrandbits(16)
        clock = self._random.getrandbits(14)
        fields = (ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF, clock >> 8 | 0x80, clock & 0xFF)
        return UUID(fields=(*fields, self._random.getrandbits(48)), version=1)


def _milliseconds(now: float) -> int:
    return int(now * 1000 + 1e-4)
