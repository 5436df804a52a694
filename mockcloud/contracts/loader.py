"""Make the data of one provider's folder into a Contract, or say what is wrong with it.

Law: what is not known is refused, naming file and pointer and the nearest right spelling. Nothing is silently ignored.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from mockcloud.contracts import callbacks, effects, lifecycle, meta, operations, resources, routes
from mockcloud.contracts.behaviours import Behaviours
from mockcloud.contracts.catalogue import Catalogue, pattern
from mockcloud.contracts.evidence import Evidence, listed
from mockcloud.contracts.json_reader import load as load_json
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.lifecycle import Lifecycle
from mockcloud.contracts.model import Contract, Envelope, Host, Operation, Schema, Setting
from mockcloud.contracts.times import TimeFormat
from mockcloud.contracts.views import Roots, Sight, View, compile_view
from mockcloud.contracts.vocabulary import ERROR_MEMBERS, POSSIBLE_CONDITIONS, TASK_FACTS, TEXT_READS
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd import Xsd
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json

FILES = ("provider", "documents", "operations", "errors", "lifecycle", "contradictions")
OPTIONAL = ("callbacks",)


@cache
def load(folder: Path) -> Contract:
    """The contract of a folder. Raises ContractError."""
    return _Loader(folder).contract()


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.xsds: dict[Path, Xsd] = {}
        self.data = {name: self._read(name) for name in (*FILES, *OPTIONAL)}
        self.provider = self.data["provider"]
        self.evidence = Evidence(self.data["documents"], self.data["contradictions"])
        self.behaviours = self._behaviours()
        self.resources = {kind: resources.read(entry) for kind, entry in self.provider["resources"].items()}
        kinds = frozenset(self.resources)
        self.roots: Roots = {
            **effects.BASE,
            "settings": frozenset(self.provider["settings"]),
            "catalog": kinds,
            "resource": kinds,
        }

    def _read(self, name: str) -> Json:
        path = self.folder / f"{name}.json"
        if name in OPTIONAL and not path.exists():
            return {}
        data = load_json(path)
        meta.check(data, name, self.file(name))
        if name == "operations":
            data = operations.whole(data, self.file(name))
            meta.check(data, name, self.file(name))
        return data

    def file(self, name: str) -> str:
        return f"{self.folder.name}/{name}.json"

    def _behaviours(self) -> Behaviours:
        name = self.provider["module"]
        try:
            module = import_module(name)
        except ModuleNotFoundError as problem:
            raise ContractError(self.file("provider"), "/module", f"no module '{problem.name}'") from None
        behaviours = getattr(module, "behaviours", None)
        if not isinstance(behaviours, Behaviours) or behaviours.verify is None:
            raise ContractError(self.file("provider"), "/module", f"'{name}' has no 'behaviours' with a verifier")
        return behaviours

    def contract(self) -> Contract:
        data = self.provider
        self._check_order(data["order"])
        if data["provider"] != self.folder.name:
            raise ContractError(self.file("provider"), "/provider", f"'{data['provider']}' is not the folder's name")
        self._check_evidence()
        self.lifecycles = self._lifecycles()
        found = self._operations()
        self._check_identifiers(found)
        errors = Catalogue(self.data["errors"], self.file("errors"))
        errors.require(self._conditions(found), POSSIBLE_CONDITIONS)
        self._check_refusals(found, errors)
        for place, unless in enumerate(errors.unless):
            if unless is not None and unless["setting"] not in data["settings"]:
                problem = f"'{unless['setting']}' is no setting.{nearest(unless['setting'], data['settings'])}"
                raise ContractError(self.file("errors"), f"/rules/{place}/unless", problem)
        return Contract(
            name=data["provider"],
            title=data["title"],
            hosts=tuple(
                Host(pattern(host["pattern"], self.file("provider"), f"/hosts/{i}"), host["example"])
                for i, host in enumerate(data["hosts"])
            ),
            paths=tuple(data["paths"]),
            order=tuple(data["order"]),
            gate=self._gate(),
            target_limit=data.get("target_limit", 0),
            content_length=data.get("content_length") == "required",
            content_md5=data.get("content_md5") == "checked",
            tenancy=tuple(self._view(view, f"/tenancy/{i}") for i, view in enumerate(data["tenancy"])),
            times=TimeFormat(data["times"]["format"], data["times"]["offset"]),
            identifiers={name: parts for name, parts in data["identifiers"].items() if name != "evidence"},
            settings={name: self._setting(name, entry) for name, entry in data["settings"].items()},
            resources=self.resources,
            catalog={kind: entry["items"] for kind, entry in data["resources"].items()},
            success=self._envelope("success", "result"),
            refusal=self._envelope("refusal", "error"),
            operations=found,
            routes=routes.Routes(found, self.file("operations"), slash=data.get("trailing_slash") == "tolerated"),
            errors=errors,
            lifecycles=self.lifecycles,
            callbacks=self._callbacks(),
            documents=self.data["documents"],
            contradictions=self.data["contradictions"],
            behaviours=self.behaviours,
            demo=data.get("demo", ""),
        )

    def _view(
        self, view: Json, pointer: str, file: str = "provider", roots: Roots | None = None, seen: set[str] | None = None
    ) -> View:
        sight = Sight(self.roots if roots is None else roots, seen)
        return compile_view(view, self.behaviours.computed, self.file(file), pointer, sight)

    def _check_order(self, order: list[str]) -> None:
        if not order.index("route") < order.index("body") < order.index("operation"):
            raise ContractError(self.file("provider"), "/order", "the body is read by its route, and the operation told by both")
        if ("gate" in order) != ("gate" in self.provider) or "gate" in order[: order.index("operation")]:
            raise ContractError(
                self.file("provider"), "/order", "where there is a gate, and only there, it stands behind 'operation'"
            )

    def _gate(self) -> tuple[effects.Effect, ...]:
        listed = [{key: entry[key] for key in entry if key != "evidence"} for entry in self.provider.get("gate", ())]
        return self._effects("provider", "/gate", set(), {root: self.roots[root] for root in effects.GATE}).read(listed)

    def _effects(self, file: str, at: str, seen: set[str], roots: Roots) -> effects.Reader:
        lifecycles, resources, sent = self.data["lifecycle"], self.provider["resources"], self.data["callbacks"]
        return effects.Reader(
            self.file(file),
            at,
            lifecycles,
            resources,
            sent,
            roots,
            lambda view, at, known: self._view(view, at, file, known, seen),
        )

    def _setting(self, name: str, entry: Json) -> Setting:
        values = tuple(entry.get("values", ()))
        if values and entry["default"] not in values:
            raise ContractError(self.file("provider"), f"/settings/{name}/default", f"{entry['default']!r} is none of the values")
        return Setting(entry["default"], values, entry.get("type", ""), entry["says"])

    def _envelope(self, key: str, made: str) -> Envelope:
        entry = self.provider[key]
        roots = {**self.roots, made: ERROR_MEMBERS if made == "error" else None}

        def view(value: Json, pointer: str) -> View:
            return self._view(value, pointer, roots=roots)

        headers = tuple(
            (name, value if isinstance(value, str) and not value.startswith("$") else view(value, f"/{key}/headers/{name}"))
            for name, value in entry["headers"].items()
        )
        schema = self.schema("responses", entry["schema"], ("refusal", "response")) if "schema" in entry else None
        if schema is not None:
            self._check_language(schema, entry["codec"] == "xml", "provider", f"/{key}/schema")
            self._check_sources(schema, entry["schema"])
        body = view(entry["body"], f"/{key}/body")
        return Envelope(entry.get("status", 200), headers, body, entry["codec"], schema)

    def schema(self, side: str, name: str, owner: tuple[str, str], *, text: bool = False) -> Schema:
        """A schema file of one side, for the operation and side that own it."""
        path = self.folder / side / name
        owned = f"{self.provider['provider']}.{owner[0]}", owner[1]
        if not name.endswith(".xsd"):
            return JsonSchema(path, owned, text=text)
        if path not in self.xsds:
            self.xsds[path] = Xsd(path)
        return XmlSchema(path, owned, self.xsds[path])

    def _check_language(self, schema: Schema, is_xml: object, file: str, at: str) -> None:
        if isinstance(schema, XmlSchema) is not is_xml:
            raise ContractError(self.file(file), at, "XML is described by an .xsd, everything else by a .schema.json")

    def _check_sources(self, schema: Schema, place: str) -> None:
        for source in schema.sources():
            self.evidence.check(source, f"{self.folder.name}/{place}", "")

    def _operations(self) -> dict[str, Operation]:
        return {name: self._operation(name, entry) for name, entry in self.data["operations"].items()}

    def _operation(self, name: str, entry: Json) -> Operation:
        request = self.schema("requests", entry["request"], (name, "request"), text=entry["reads"] in TEXT_READS)
        response = self.schema("responses", entry["response"], (name, "response")) if "response" in entry else None
        self._check_language(request, entry["reads"] == "xml", "operations", f"/{name}/request")
        if response is not None:
            self._check_language(response, self.provider["success"]["codec"] == "xml", "operations", f"/{name}/response")
        elif self.provider["success"]["codec"] == "xml" and "result" in entry:
            raise ContractError(self.file("operations"), f"/{name}", "an answer in XML needs a 'response' schema")
        if isinstance(request, XmlSchema) and entry.get("root") != request.root.name:
            raise ContractError(self.file("operations"), f"/{name}/root", f"the schema's root is '{request.root.name}'")
        seen = set[str]()
        reader = self._effects("operations", f"/{name}/effect", seen, self.roots)
        has = reader.read(entry.get("effect", {}))
        result = self._view(entry.get("result", {"$first": []}), f"/{name}/result", "operations", reader.roots, seen)
        return Operation(
            id=f"{self.provider['provider']}.{name}",
            name=name,
            methods=tuple(entry["methods"]),
            path=entry["path"],
            query=entry.get("query", ""),
            reads=entry["reads"],
            root=entry.get("root", ""),
            selector=operations.selector(entry.get("select")),
            request=request,
            response=response,
            references=tuple(
                operations.reference(given, self.provider["resources"], self.file("operations"), name)
                for given in entry.get("references", ())
            ),
            source=entry.get("source", ""),
            effects=has,
            result=result,
            speaks_of=frozenset(seen),
            partly=entry.get("partly", ""),
            evidence=listed(entry["evidence"]),
            shown={"name": name},
        )

    def _lifecycles(self) -> dict[str, Lifecycle]:
        return {kind: self._lifecycle(kind, entry) for kind, entry in self.data["lifecycle"].items()}

    def _lifecycle(self, kind: str, entry: Json) -> Lifecycle:
        table = lifecycle.read(entry, kind, self.file("lifecycle"))
        if "dispatch" not in entry:
            return table
        return lifecycle.dispatched(table, entry["dispatch"], kind, self.file("lifecycle"), self._waiting_view, self.resources)

    def _waiting_view(self, view: Json, at: str) -> View:
        roots: Roots = {"task": TASK_FACTS, "settings": self.roots["settings"], "catalog": self.roots["catalog"]}
        return self._view(view, at, "lifecycle", roots)

    def _callbacks(self) -> dict[str, callbacks.Callback]:
        reader = callbacks.Reader(
            self.file("callbacks"),
            self.lifecycles,
            self.roots,
            self.resources,
            lambda view, at, roots: self._view(view, at, "callbacks", roots),
            lambda file, name: self.schema("responses", file, (name, "callback")),
        )
        return {name: reader.read(name, entry) for name, entry in self.data["callbacks"].items()}

    def _conditions(self, found: dict[str, Operation]) -> set[str]:
        """The conditions that this contract's own data and module can raise."""
        conditions = set(self.behaviours.conditions) | operations.of_provider(self.provider)
        for operation in found.values():
            conditions |= operations.conditions(operation, self.resources)
        dispatches = [table.dispatch for table in self.lifecycles.values() if table.dispatch]
        conditions |= {f"full-{dispatch.queue}" for dispatch in dispatches if dispatch.room}
        return conditions

    def _check_identifiers(self, found: dict[str, Operation]) -> None:
        added = {effect.kind for operation in found.values() for effect in operation.effects if effect.verb == "add"}
        for kind in [*self.data["lifecycle"], *sorted(kind for kind in added if not self.resources[kind].id)]:
            if kind not in self.provider["identifiers"]:
                raise ContractError(self.file("provider"), "/identifiers", f"what is of kind '{kind}' has no identifier")

    def _check_refusals(self, found: dict[str, Operation], errors: Catalogue) -> None:
        for operation in found.values():
            for schema in (operation.request, *([operation.response] if operation.response else [])):
                self._check_sources(schema, operation.name)
            for name in operation.request.rules:
                if errors.broken(name) is None:
                    raise ContractError(
                        self.file("errors"), "/rules", f"no entry matches the rule '{name}', so nothing refuses it"
                    )

    def _check_evidence(self) -> None:
        for name in (*FILES[:1], *FILES[2:], *OPTIONAL):
            self.evidence.check_all(self.data[name], self.file(name))
        for name, entry in self.data["contradictions"].items():
            setting = entry.get("setting")
            if setting is not None and setting not in self.provider["settings"]:
                raise ContractError(
                    self.file("contradictions"),
                    f"/{name}/setting",
                    f"'{setting}' is no setting.{nearest(setting, self.provider['settings'])}",
                )
