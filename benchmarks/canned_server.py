"""pytest-httpserver with one canned answer, as a process: `python -m benchmarks.canned_server [threaded]`."""

from __future__ import annotations

import sys
import threading

from pytest_httpserver import HTTPServer

from benchmarks.targets import HTTPSERVER
from benchmarks.traffic import ASKED, canned, fresh_cloud, ready


def main() -> None:
    """Serve until killed."""
    asked = ASKED["pontus get"]
    status, headers, body = canned(asked)
    path = ready(fresh_cloud(), asked)[0].path
    with HTTPServer(host="127.0.0.1", threaded="threaded" in sys.argv[1:]) as server:
        server.expect_request(path, method="GET").respond_with_data(body, status, list(headers))
        print(f"{HTTPSERVER} on http://127.0.0.1:{server.port} {path}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
