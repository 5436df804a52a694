"""Client libraries and WSGI in process: through mockcloud, and through stubs that validate nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx
import requests
import responses
import respx
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import Client, create_environ
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse

from benchmarks.handle import mock_transport
from benchmarks.measure import Looped, Run, each
from benchmarks.targets import MOCK_TRANSPORT, NULL, NULL_ALONE, RESPONSES, RESPX, RESPX_ASYNC, THROUGH
from benchmarks.traffic import ASKED, Asked, canned, fresh_cloud, ready
from mockcloud import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLAIN = ASKED["jdcloud create"]
"""What the references send that answer one request only."""

PER_REQUEST: dict[str, Callable[[Asked], Any]] = {}
ONCE: dict[str, Callable[[], Any]] = {MOCK_TRANSPORT: mock_transport}


def subjects() -> list[Looped]:
    """All of the group."""
    return [
        *(Looped(name, opened) for name, opened in ONCE.items()),
        *(Looped(f"{kind}: {name}", partial(opened, ASKED[name])) for kind, opened in PER_REQUEST.items() for name in THROUGH),
    ]


def _url(request: Request) -> str:
    return f"https://{request.host}{request.target}"


def _prepared(asked: Asked) -> list[tuple[str, str, dict[str, str], bytes]]:
    return [_arguments(request) for request in ready(fresh_cloud(), asked)]


def _arguments(request: Request) -> tuple[str, str, dict[str, str], bytes]:
    return request.method, _url(request), dict(request.headers), request.body


# httpx


def _httpx(client: httpx.Client, arguments: list[tuple[str, str, dict[str, str], bytes]]) -> Run:
    def call(given: tuple[str, str, dict[str, str], bytes]) -> None:
        method, url, headers, body = given
        assert client.request(method, url, headers=headers, content=body).status_code == 200

    return each(call, arguments)


def _httpx_async(
    runner: asyncio.Runner, client: httpx.AsyncClient, arguments: list[tuple[str, str, dict[str, str], bytes]]
) -> Run:
    async def calls(count: int) -> None:
        for at in range(count):
            method, url, headers, body = arguments[at % len(arguments)]
            answer = await client.request(method, url, headers=headers, content=body)
            assert answer.status_code == 200

    return lambda count: runner.run(calls(count))


@contextmanager
def _asynchronous(arguments: list[tuple[str, str, dict[str, str], bytes]]) -> Iterator[Run]:
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient()
        try:
            yield _httpx_async(runner, client, arguments)
        finally:
            runner.run(client.aclose())


@contextmanager
def _respx_routes(asked: Asked) -> Iterator[list[tuple[str, str, dict[str, str], bytes]]]:
    status, headers, body = canned(asked)
    arguments = _prepared(asked)
    method, url = arguments[0][:2]
    with respx.mock(assert_all_called=False) as router:
        router.request(method, url).mock(return_value=httpx.Response(status, headers=headers, content=body))
        yield arguments


@contextmanager
def _respx(asked: Asked) -> Iterator[Run]:
    with _respx_routes(asked) as arguments, httpx.Client() as client:
        yield _httpx(client, arguments)


@contextmanager
def _respx_async(asked: Asked) -> Iterator[Run]:
    with _respx_routes(asked) as arguments, _asynchronous(arguments) as run:
        yield run


@contextmanager
def _through_httpx(asked: Asked) -> Iterator[Run]:
    cloud = fresh_cloud()
    arguments = [_arguments(request) for request in ready(cloud, asked)]
    with cloud.intercept(), httpx.Client() as client:
        yield _httpx(client, arguments)


@contextmanager
def _through_httpx_async(asked: Asked) -> Iterator[Run]:
    cloud = fresh_cloud()
    arguments = [_arguments(request) for request in ready(cloud, asked)]
    with cloud.intercept(), _asynchronous(arguments) as run:
        yield run


# requests


def _requests(session: requests.Session, arguments: list[tuple[str, str, dict[str, str], bytes]]) -> Run:
    def call(given: tuple[str, str, dict[str, str], bytes]) -> None:
        method, url, headers, body = given
        assert session.request(method, url, headers=headers, data=body).status_code == 200

    return each(call, arguments)


class _Null(HTTPAdapter):
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__()
        self.said = status, headers, body

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        status, headers, body = self.said
        return self.build_response(request, HTTPResponse(BytesIO(body), headers, status, preload_content=False))


@contextmanager
def _null_adapter(*, trust_env: bool) -> Iterator[Run]:
    status, headers, body = canned(PLAIN)
    with requests.Session() as session:
        session.trust_env = trust_env
        session.mount("https://", _Null(status, dict(headers), body))
        yield _requests(session, _prepared(PLAIN))


@contextmanager
def _responses(asked: Asked) -> Iterator[Run]:
    status, headers, body = canned(asked)
    arguments = _prepared(asked)
    method, url = arguments[0][:2]
    kept = {name: value for name, value in headers if name not in ("Content-Type", "Content-Length")}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as stub, requests.Session() as session:
        stub.add(method, url, body=body, status=status, headers=kept, content_type=dict(headers)["Content-Type"])
        yield _requests(session, arguments)


@contextmanager
def _through_requests(asked: Asked) -> Iterator[Run]:
    cloud = fresh_cloud()
    arguments = [_arguments(request) for request in ready(cloud, asked)]
    with cloud.intercept(), requests.Session() as session:
        yield _requests(session, arguments)


# WSGI


def _environ(request: Request) -> WSGIEnvironment:
    environ = create_environ(request.target, f"https://{request.host}", method=request.method)
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ


def _wsgi(app: WSGIApplication, sent: list[Request]) -> Run:
    said: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
        said[:] = (status,)
        return said.append  # type: ignore[return-value]  # nobody writes

    def call(given: tuple[WSGIEnvironment, bytes]) -> None:
        environ, body = given
        b"".join(app({**environ, "wsgi.input": BytesIO(body)}, start_response))
        assert said[0].startswith("200")

    return each(call, [(_environ(request), request.body) for request in sent])


def _client(app: WSGIApplication, sent: list[Request]) -> Run:
    client = Client(app)

    def call(request: Request) -> None:
        headers = list(request.headers)
        url = f"https://{request.host}"
        assert (
            client.open(request.target, base_url=url, method=request.method, headers=headers, data=request.body).status_code
            == 200
        )

    return each(call, sent)


def _by_heart() -> WSGIApplication:
    status, headers, body = canned(PLAIN)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(f"{status} OK", list(headers))
        return [body]

    return app


def _by_werkzeug() -> WSGIApplication:
    status, headers, body = canned(PLAIN)

    @WerkzeugRequest.application
    def app(request: WerkzeugRequest) -> WerkzeugResponse:
        request.get_data()
        return WerkzeugResponse(body, status, list(headers))

    return app


@contextmanager
def _bare_wsgi(made: Callable[[], WSGIApplication], asked_by: Callable[[WSGIApplication, list[Request]], Run]) -> Iterator[Run]:
    yield asked_by(made(), ready(fresh_cloud(), PLAIN))


@contextmanager
def _our_wsgi(asked_by: Callable[[WSGIApplication, list[Request]], Run], asked: Asked) -> Iterator[Run]:
    cloud = fresh_cloud()
    yield asked_by(cloud.wsgi_app, ready(cloud, asked))


PER_REQUEST.update(
    {
        RESPX: _respx,
        RESPX_ASYNC: _respx_async,
        "httpx through intercept()": _through_httpx,
        "httpx through intercept(), async": _through_httpx_async,
        RESPONSES: _responses,
        "requests through intercept()": _through_requests,
        "wsgi_app, raw environ": partial(_our_wsgi, _wsgi),
        "werkzeug.test.Client, wsgi_app": partial(_our_wsgi, _client),
    }
)
ONCE.update(
    {
        NULL: partial(_null_adapter, trust_env=True),
        NULL_ALONE: partial(_null_adapter, trust_env=False),
        "bare WSGI call, raw environ": partial(_bare_wsgi, _by_heart, _wsgi),
        "bare WSGI call, Werkzeug's request and response": partial(_bare_wsgi, _by_werkzeug, _wsgi),
        "werkzeug.test.Client, bare application": partial(_bare_wsgi, _by_heart, _client),
    }
)
