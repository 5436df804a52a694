"""Sockets and threads: a cloud, or any WSGI application, on loopback ports.

Knows how to bind, accept, cap and stop; HTTP is the handler's. Law: whoever stops a server has its ports free and its
threads gone; what was being answered is answered first.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys
import threading
from collections.abc import Mapping
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import ThreadedWSGIServer, select_address_family

from mockcloud.errors import UsageError
from mockcloud.server.application import Handling, application
from mockcloud.server.http1 import Handler, Limits

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CONNECTIONS = 256
GRACE = 5.0
"""Seconds that a stopping server waits for what is being answered."""

DELIVERED_EVERY = 0.1
"""Seconds between two looks for callbacks that are due."""

_QUEUE = 128
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Listener(ThreadedWSGIServer):
    """One port."""

    def __init__(self, bound: socket.socket, app: WSGIApplication, handler: type[Handler], connections: int) -> None:
        host, port = bound.getsockname()[:2]
        # By descriptor: Werkzeug, binding by itself, prints and exits the process when the port is taken.
        super().__init__(host, port, app, handler, fd=bound.fileno())
        bound.close()
        self.stopping = False
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._free = threading.Semaphore(connections)
        self._waker, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self.serve_forever, name=f"mockcloud-listener-{port}", daemon=True)

    def start(self) -> None:
        """Accept connections, in a thread of its own."""
        self._thread.start()

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Accept until told to stop; unlike the inherited one it is told by a socket, so that stopping takes no poll."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self.stopping:
                for key, _ in selector.select():
                    if key.fileobj is self.socket:
                        self._handle_request_noblock()  # type: ignore[attr-defined]  # socketserver's, not in its stub

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, or refuse it when all are taken."""
        if not self._free.acquire(blocking=False):
            with contextlib.suppress(OSError):
                request.send(_BUSY)
            self.shutdown_request(request)
            return
        thread = threading.Thread(
            target=self._converse, args=(request, client_address), name=f"mockcloud-connection-{self.port}", daemon=True
        )
        self._connections[thread] = request
        try:
            thread.start()
        except RuntimeError:
            self._forget(thread)
            self.shutdown_request(request)

    def _converse(self, request: Any, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            self._forget(threading.current_thread())

    def _forget(self, thread: threading.Thread) -> None:
        self._connections.pop(thread, None)
        self._free.release()

    def stop(self, grace: float = GRACE) -> None:
        """Free the port, let answers under way go out, end every thread."""
        self.stopping = True
        self._waker.send(b"x")
        if self._thread.ident is not None:
            self._thread.join()
        self.server_close()
        self._end_connections(monotonic() + grace)
        self._waker.close()
        self._woken.close()

    def _end_connections(self, deadline: float) -> None:
        for connection in list(self._connections.values()):
            # No more requests: an idle connection sees its end, a busy one can still write.
            _shutdown(connection, socket.SHUT_RD)
        for thread, connection in list(self._connections.items()):
            thread.join(max(0.0, deadline - monotonic()))
            if thread.is_alive():
                _shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A defect of ours; a client that goes away is none."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _shutdown(connection: socket.socket, how: int) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(how)


class Server:
    """A cloud on its ports, from `with` to the end of it. `ports` holds those that belong to one provider."""

    def __init__(
        self, app: Any, host: str, port: int, listen: Mapping[str, int], handler: type[Handler], connections: int
    ) -> None:
        self.cloud = app
        self.host = host
        self.port = port
        self.ports: dict[str, int] = dict(listen)
        self._listeners: list[Listener] = []
        self._stopped = threading.Event()
        self._deliverer = threading.Thread(target=self._deliver, name=f"mockcloud-callbacks-{port}", daemon=True)
        self._opened = partial(Listener, handler=handler, connections=connections)

    @property
    def url(self) -> str:
        """Where the server is, without a slash at the end."""
        return self.url_of(None)

    def url_of(self, provider: str | None) -> str:
        """Where a provider's own port is; None for the port of all."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port if provider is None else self.ports[provider]}"

    def start(self) -> Self:
        """Bind every port and accept connections. Raises OSError for an address that cannot be had."""
        try:
            self.port = self._listen(self.port, _application(self.cloud, None))
            for provider, port in self.ports.items():
                self.ports[provider] = self._listen(port, _application(self.cloud, provider))
        except BaseException:
            self.stop()
            raise
        for listener in self._listeners:
            listener.start()
        if hasattr(self.cloud, "deliver"):
            self._deliverer.start()
        return self

    def _deliver(self) -> None:
        while not self._stopped.wait(DELIVERED_EVERY):
            self.cloud.deliver()

    def _listen(self, port: int, app: WSGIApplication) -> int:
        listener = self._opened(bound(self.host, port), app)
        self._listeners.append(listener)
        return int(listener.port)

    def stop(self) -> None:
        """Free the ports and end the threads."""
        self._stopped.set()
        if self._deliverer.ident is not None:
            self._deliverer.join(GRACE)
        while self._listeners:
            self._listeners.pop().stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(
    app: Handling | WSGIApplication,
    host: str = "127.0.0.1",
    port: int = 0,
    listen: Mapping[str, int] | None = None,
    *,
    limits: Limits | None = None,
    verbose: bool = False,
    connections: int = CONNECTIONS,
) -> Server:
    """A server of a cloud or of a WSGI application; `with` starts it. Port 0 takes a free one; `listen` is by provider.

    Raises:
        UsageError: for a host that is empty, and for a provider to listen for that the cloud does not have.
    """
    if not host:
        raise UsageError("the host is empty, which would be every address: write 127.0.0.1, or 0.0.0.0 where that is meant")
    if listen and not hasattr(app, "handle_for"):
        raise UsageError("listen gives providers ports of their own; a plain WSGI application has no providers")
    for provider in listen or ():
        # Asked for now: a port for a provider that is not there should not wait for its first request to say so.
        getattr(app, "credentials", str)(provider)
    made = type("Handler", (Handler,), {"limits": limits or Limits(), "verbose": verbose})
    return Server(app, host, port, listen or {}, made, connections)


def _application(app: Any, provider: str | None) -> WSGIApplication:
    made: WSGIApplication = application(app, provider) if hasattr(app, "handle") else app
    return made


def bound(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError, which names the address."""
    listening = socket.socket(select_address_family(host, port), socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_QUEUE)
    except OSError as error:
        listening.close()
        raise type(error)(error.errno, f"{error.strerror or error} ({host}:{port})") from None
    except BaseException:
        listening.close()
        raise
    return listening
