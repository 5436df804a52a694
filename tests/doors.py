"""Every door to a cloud, as one function each: a Request in, a Response out, by a real client where there is one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from http.client import HTTPResponse

import httpx
import requests
import werkzeug.test

from mockcloud import Cloud, Request, Response

Door = Callable[[Cloud, Request], Response]


def by_handle(cloud: Cloud, request: Request) -> Response:
    return cloud.handle(request)


def by_httpx(cloud: Cloud, request: Request) -> Response:
    with cloud.intercept(), httpx.Client(trust_env=False, verify=False) as client:
        return from_httpx(client.send(to_httpx(request)))


def by_async_httpx(cloud: Cloud, request: Request) -> Response:
    async def send() -> Response:
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            return from_httpx(await client.send(to_httpx(request)))

    with cloud.intercept():
        return asyncio.run(send())


def by_wsgi_transport(cloud: Cloud, request: Request) -> Response:
    with httpx.Client(transport=httpx.WSGITransport(app=cloud.wsgi_app), trust_env=False, verify=False) as client:
        return from_httpx(client.send(to_httpx(request)))


def to_httpx(request: Request) -> httpx.Request:
    url = httpx.URL(f"http://{request.host}").copy_with(raw_path=request.target.encode())
    headers = [("Host", request.host), *request.headers]
    return httpx.Request(request.method, url, headers=headers, content=request.body)


def from_httpx(response: httpx.Response) -> Response:
    headers = tuple((name.decode(), value.decode("latin-1")) for name, value in response.headers.raw)
    return Response(response.status_code, headers, response.content)


def by_requests(cloud: Cloud, request: Request) -> Response:
    with cloud.intercept(), requests.Session() as session:
        session.trust_env = False
        prepared = requests.Request(request.method, f"http://{request.host}/", data=request.body).prepare()
        prepared.url = f"http://{request.host}{request.target}"
        prepared.headers.clear()
        prepared.headers.update(dict(request.headers))
        answer = session.send(prepared, allow_redirects=False)
        return Response(answer.status_code, tuple(answer.raw.headers.items()), answer.content)


def by_werkzeug_client(cloud: Cloud, request: Request) -> Response:
    client = werkzeug.test.Client(cloud.wsgi_app)
    length = request.header("content-length")  # without it the client leaves a length of 0 out
    answer = client.open(
        request.target,
        base_url=f"http://{request.host}",
        method=request.method,
        headers=list(request.headers),
        data=request.body,
        content_length=None if length is None else int(length),
    )
    return Response(answer.status_code, tuple(answer.headers.items()), answer.get_data())


def by_socket(cloud: Cloud, request: Request) -> Response:
    with cloud.serve() as server, socket.create_connection((server.host, server.port), 10) as connection:
        head = [f"{request.method} {request.target} HTTP/1.1", f"Host: {request.host}", "Connection: close"]
        head += [f"{name}: {value}" for name, value in request.headers]
        connection.sendall("\r\n".join([*head, "", ""]).encode("utf-8") + request.body)
        return received(connection, request.method)


def received(connection: socket.socket, method: str) -> Response:
    answer = HTTPResponse(connection, method=method)
    answer.begin()
    return Response(answer.status, tuple(answer.getheaders()), answer.read())


DOORS: dict[str, Door] = {
    "httpx": by_httpx,
    "httpx async": by_async_httpx,
    "httpx.WSGITransport": by_wsgi_transport,
    "requests": by_requests,
    "werkzeug.test.Client": by_werkzeug_client,
    "socket": by_socket,
}
"""All but `handle`, with which they are compared."""

INTERCEPTED = {"httpx", "httpx async", "requests"}
"""Doors that answer for the vendors' hosts only."""
