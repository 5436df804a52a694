"""How many draws the proofs of strategies make: few in the suite, `MOCKCLOUD_DRAWS` where somebody says so."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

DRAWS = int(os.environ.get("MOCKCLOUD_DRAWS", "40"))


def law(draws: int = DRAWS) -> settings:
    """Settings of a proof: the same draws in every run, nothing kept, nothing shrunk."""
    return settings(
        max_examples=draws,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
