"""What the tests share: the doors through which a request reaches a cloud."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# The SDKs and requests ask the environment for proxies; every server of these tests is on loopback.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
