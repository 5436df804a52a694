"""The vendors' Node SDKs, which see what the Python ones do not: the HTTP status, `?cancel=`, the header `accept` signed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cases import ROOT

from mockcloud import Cloud

SCRIPTS = ROOT / "tests" / "node"
PACKAGES = Path(os.environ.get("MOCKCLOUD_NODE_MODULES", ROOT / ".venv" / "node" / "node_modules"))
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    NODE is None or not PACKAGES.is_dir(),
    reason="Node and the vendors' Node SDKs are not installed; make test installs them where npm is",
)


def seen_by(script: str, *arguments: str) -> dict[str, Any]:
    with Cloud().serve() as server:
        command = [str(NODE), str(SCRIPTS / script), str(server.port), *arguments]
        environment = {**os.environ, "NODE_PATH": str(PACKAGES)}
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert run.returncode == 0, run.stderr
    seen: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return seen


def test_jdcloud_sdk_js_which_signs_accept_and_trusts_the_status_works() -> None:
    seen = seen_by("jdcloud.js")
    assert len(seen["requestId"]) == 32
    assert seen["states"] == ["PENDDING", "RUNNING", "SUCCESS"]
    assert [key.startswith("in/视频.mp4-") for key in seen["keys"]] == [True]
    assert (seen["forbidden"], seen["unknown"], seen["forged"]) == ("400 INVALID_ARGUMENT", "404 NOT_FOUND", "401 ACCESS_ERROR")


@pytest.mark.parametrize("way", ["Ip", "Proxy", "Url"])
def test_cos_nodejs_sdk_works_however_it_is_aimed(way: str) -> None:
    seen = seen_by("cos.js", way)
    assert seen["requestId"]
    assert (seen["submitted"], seen["cancelled"], seen["missing"]) == ("Submitted", "Cancel", "jnone")
    assert (seen["broken"], seen["forged"]) == ("400 InvalidArgument", "403 SignatureDoesNotMatch")
