"""READ FIRST. A cloud: the whole journey of a request on one screen.

    bytes -> [server or interceptor] -> routing -> authentication -> validation -> faults -> behaviour -> rendering -> bytes

`Cloud.handle` is sans-IO: no sockets, no sleeps, no threads. The interceptors and the server build a `Request`
with the raw target and hand it in; they are the only modules that know a transport.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from mockcloud.contracts import folders
from mockcloud.contracts.sketches import sketch
from mockcloud.errors import UnmatchedRequest, UsageError, nearest
from mockcloud.messages import Credential, Json, Refusal, Request, Response, TransportFault
from mockcloud.outbound import Sender
from mockcloud.pipeline import behaviour, faults, nobody, rendering, routing, validation
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.service import Service, by_provider, given_credentials
from mockcloud.state.callbacks import Deliveries
from mockcloud.state.clock import Clock, opened_clock
from mockcloud.state.journal import Exchange, Journal
from mockcloud.state.messenger import Messages
from mockcloud.state.stores.memory import opened
from mockcloud.state.tasks import TaskView

if TYPE_CHECKING:
    from mockcloud.server.server import Server

LOUD = frozenset({"unknown-route", "unknown-method", "missing-operation", "unknown-operation"})
"""Conditions that say that a client asked for something which no contract documents."""

WARNINGS_REMEMBERED = 1000
_WARNED: dict[str | tuple[Any, ...], int] = {}
"""The warnings that were shown, as Python remembers them: for ever, if nobody forgets them."""

HOSTS_REMEMBERED = 256
"""A client uses few hosts; what a stranger makes up must not fill the memory."""


class Cloud:
    """Media clouds that answer as their documents and their vendors' SDKs have it.

    Args:
        providers: names of the providers to answer for; None for all that are installed.
        auth: `strict` verifies every signature, `off` lets everybody in as the first known credential.
        clock: a clock, or `real`, `virtual[:TICK][@START]`; None for a virtual clock that starts now.
        seed: of every identifier. Same seed, same requests, same clock: same bytes.
        store: where tasks are kept; `memory:`.
        credentials: provider to its known credentials, in place of the well-known ones.
        settings: provider to names and values of its settings (`mockcloud contracts` lists them).
        callback_hosts: hosts beside loopback to which callbacks may be sent; what is for others is recorded and kept back.

    Raises:
        UsageError: for a provider, setting, value or option that does not exist.
    """

    def __init__(
        self,
        providers: Sequence[str] | None = None,
        auth: str = "strict",
        clock: Clock | str | None = None,
        seed: int = 0,
        store: str = "memory:",
        *,
        credentials: Mapping[str, Iterable[Credential]] | None = None,
        settings: Mapping[str, Mapping[str, Json]] | None = None,
        callback_hosts: Iterable[str] = (),
    ) -> None:
        if auth not in ("strict", "off"):
            raise UsageError(f"auth is 'strict' or 'off', found {auth!r}")
        self.clock: Clock = opened_clock(clock)
        self.journal = Journal()
        self.callbacks = Messages()
        self.report: Callable[[str], None] = _warn
        self._sketches = {name: sketch(folder) for name, folder in folders.chosen(providers).items()}
        self._strict = auth == "strict"
        self._seed = seed
        self._store: Any = opened(store)
        self._plans = faults.Plans()
        self._credentials = given_credentials(credentials or {}, self._sketches)
        self._settings = dict(by_provider("settings", settings or {}, self._sketches))
        self._services: dict[str, Service] = {}
        self._sender = Sender(callback_hosts)
        self._deliveries = Deliveries()
        self.clock.listeners.append(self.deliver)
        self._told: dict[str, routing.Told] = {}
        for name in self._settings:
            self._service(name)

    def handle(self, request: Request) -> Response:
        """Answer one request as the vendor that it is for would. Never raises for what a request holds.

        Raises TransportFault where one is planned, for the connection to misbehave instead of answering.
        """
        absolute, request = request.target[:1] != "/", routing.origin_form(request)
        told = self._told.get(request.host) or self._tell_provider(request, absolute=absolute)
        if told is None:
            return self._unanswered(request)
        sketch, host = told
        return self._journey(self._service(sketch.name), request, host)

    def _tell_provider(self, request: Request, *, absolute: bool) -> routing.Told | None:
        told = routing.by_host(request.host, self._sketches.values())
        if told is None:
            # A client that takes us for its proxy asks for that host and no other: a misspelt one must not be answered.
            stranger = absolute and not routing.is_loopback(routing.host_name(request.host))
            return None if stranger else routing.by_path(request, self._sketches.values())
        if len(self._told) < HOSTS_REMEMBERED:
            self._told[request.host] = told
        return told

    def handle_for(self, provider: str, request: Request) -> Response:
        """Answer one request as this provider would, whatever its host and path say."""
        service, request = self._service(provider), routing.origin_form(request)
        name = routing.host_name(request.host)
        return self._journey(service, request, routing.host_parts(self._sketches[provider], name) or {"name": name})

    def _journey(self, service: Service, request: Request, host: dict[str, str]) -> Response:
        call = service.receive(request, host, self.clock.tick())
        refused: Refusal | None = None
        try:
            for check in service.checks:  # route, authentication, body, operation, gate: their order is the contract's
                check(call)
            validation.check(call)
            faults.misbehave(call, self._plans)
            scope = behaviour.perform(call, service.actions)
            answer = rendering.success(call, scope)
        except Refusal as refusal:
            refused = refusal
            answer = rendering.refusal(call, refusal)
        except TransportFault as fault:
            self._record(service, call, rendering.Rendered(fault.response, "", ()), None)
            raise
        self._record(service, call, answer, refused)
        if call.fault:
            raise TransportFault(call.fault, answer.response)
        return answer.response

    def _record(self, service: Service, call: Call, answer: rendering.Rendered, refused: Refusal | None) -> None:
        operation = call.operation.id if call.chosen else ""
        violations, note, reason = (refused.violations, refused.note, refused.reason) if refused else ((), call.note, "")
        if call.fault:
            note = call.note
        asked = call.now, service.name, operation, call.request
        self.journal.record(Exchange(*asked, answer.response, violations, answer.code, note, reason))
        if refused is not None and refused.reason in LOUD:
            problem = f"{service.name}: {call.request.method} {call.request.target!r} matches no operation: {note}"
            self._tell(problem, answer.response)
        for defect in answer.defects:
            problem = f"a defect of mockcloud: its own answer breaks {defect.rule} at {defect.where}: {defect.reason}"
            self._tell(problem, answer.response)

    def _unanswered(self, request: Request) -> Response:
        problem = nobody.sentence(request, self._sketches.values())
        response = nobody.response(problem)
        self.journal.record(Exchange(self.clock.tick(), "", "", request, response, note=problem))
        self._tell(problem, response)
        return response

    def _tell(self, problem: str, response: Response) -> None:
        try:
            self.report(problem)
        except UnmatchedRequest as raised:
            # Under -W error the warning is raised at the caller; a server still has its client to answer.
            raised.response = response
            raise

    def _service(self, provider: str) -> Service:
        service = self._services.get(provider)
        if service is None:
            if provider not in self._sketches:
                raise UsageError(f"there is no provider '{provider}' here.{nearest(provider, self._sketches)}")
            made = Service.opened(
                self._sketches[provider].folder,
                store=self._store,
                clock=self.clock,
                seed=self._seed,
                strict=self._strict,
                credentials=self._credentials[provider],
                settings=self._settings.get(provider, {}),
                sender=self._sender,
                messages=self.callbacks,
            )
            # Two threads may both get here; the first one's service is everybody's.
            service = self._services.setdefault(provider, made)
        return service

    def deliver(self) -> None:
        """Send the callbacks that are due by now and record them in `callbacks`.

        `clock.advance` does it by itself, and so does a server.
        """
        self._deliveries.deliver([service.callbacks for service in list(self._services.values())], self.clock.now())

    def credentials(self, provider: str) -> Credential:
        """The first known credential of a provider: `.access_key`, `.secret_key`, `.client_code`."""
        return next(iter(self._service(provider).credentials.values()))

    def tasks(self, provider: str) -> list[TaskView]:
        """Every task of a provider as it stands now, oldest first."""
        return self._service(provider).tasks.everything()

    def items(self, provider: str, kind: str) -> list[Mapping[str, Json]]:
        """Every item of a resource as it stands now, whoever made it: the presets, then what was made, oldest first.

        Raises:
            UsageError: for a provider or a kind of resource that does not exist.
        """
        service = self._service(provider)
        known = service.contract.resources
        if kind not in known:
            raise UsageError(f"{provider} has no resource '{kind}'.{nearest(kind, known)}")
        return service.items.all(kind, ())

    def fail_next(
        self,
        operation: str,
        *,
        code: str | int | None = None,
        where: str | None = None,
        fault: str | None = None,
        after: bool | None = None,
    ) -> None:
        """Let the next request of an operation go wrong: with a code of the provider's catalogue, or by a fault.

        A code that a request can earn refuses the request; one that only a task can have fails the task that the
        request creates, in its time. For a code that is both, `where` says `request` (default) or `task`.

        A fault is `reset`, `timeout`, `truncate`, `malformed` or `empty`: the client meets it in place of the answer, while the
        request was carried out; with `after=False` it was not. `throttle` is the provider's own refusal of too many requests.

        Raises:
            UsageError: for an operation, code or fault that does not exist, or that cannot happen there.
        """
        contract = self._service(operation.partition(".")[0]).contract
        self._plans.add(contract, operation, code=code, where=where, fault=fault, after=after)

    def answers(self, host: str) -> bool:
        """Whether a host, with or without port, is one of a vendor that this cloud answers for."""
        name = routing.host_name(host)
        return any(routing.host_parts(sketch, name) is not None for sketch in self._sketches.values())

    def nearest_host(self, host: str) -> str:
        """A sentence that names the nearest vendor host, for an error about one that is not."""
        return nobody.nearest_host(host, self._sketches.values())

    @property
    def wsgi_app(self) -> Callable[..., Iterable[bytes]]:
        """This cloud as a WSGI application."""
        from mockcloud.server.application import application

        return application(self)

    def intercept(self, allow: Sequence[str] = ()) -> AbstractContextManager[None]:
        """While the context is open, answer what httpx (sync and async) and requests send to the vendors' hosts.

        Loopback and the hosts in `allow` go to the network; any other host raises UnknownHost at the caller.

        Raises:
            MissingExtra: when neither client library is installed.
        """
        from mockcloud.interceptors import intercept

        return intercept(self, allow)

    def serve(
        self, host: str = "127.0.0.1", port: int = 0, listen: Mapping[str, int] | None = None
    ) -> AbstractContextManager[Server]:
        """While the context is open, serve on a socket; port 0 takes a free one. `listen` gives providers ports of their own."""
        from mockcloud.server.server import serve

        return serve(self, host=host, port=port, listen=listen)


def _warn(problem: str) -> None:
    if len(_WARNED) > WARNINGS_REMEMBERED:
        _WARNED.clear()
    warnings.warn_explicit(UnmatchedRequest(problem), UnmatchedRequest, __file__, 0, __name__, _WARNED)
