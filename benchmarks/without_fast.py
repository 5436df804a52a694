"""A process in which the extra [fast] is not there: takes `[operation, seconds]` a line, gives microseconds a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

FAST = frozenset({"jsonschema_rs", "lxml", "orjson"})


class Missing:
    """An import hook: these packages are not installed."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Nothing for other packages, an ImportError for these."""
        if name.partition(".")[0] in FAST:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def main() -> None:
    """Measure what is asked for until standard input ends."""
    sys.meta_path.insert(0, Missing)
    from benchmarks.handle import handled

    subjects = handled()
    for line in sys.stdin:
        name, seconds = json.loads(line)
        figure = subjects[name].sample(seconds)
        assert not FAST & {module.partition(".")[0] for module in sys.modules}
        print(figure, flush=True)


if __name__ == "__main__":
    main()
