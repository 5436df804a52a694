"""Export the schemas of a provider's messages as standard JSON Schema 2020-12: one file for each operation and side.

Knows which messages are judged by JSON Schema; XML is `xsd`'s. Law: each file stands alone, and its `$id`, a `#`, the path of a
member and a keyword are the id of a rule.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Contract
from mockcloud.exports.exported import Exported
from mockcloud.exports.standard import cited, standard
from mockcloud.exports.subject import Side, contract_of, sides
from mockcloud.messages import Json

MESSAGE = {
    "json": "The arguments of a request as one object: the members of its JSON body that are not null, and what its path says.",
    "query": "The arguments of a request as one object: the parameters of its query, and what its path says, each a text.",
    "parameters": "The arguments of a request as one object: the parameters of its query and its form, and what its path says, "
    "each a text; a JSON body is flattened to dotted names.",
    "none": "The arguments of a request as one object: what its path says, each a text.",
}
"""What is judged, for each way of reading a request."""


def export(provider: str, operations: Collection[str] = ()) -> Iterator[Exported]:
    """A schema for each side of each operation, as `OPERATION/request.schema.json` and `OPERATION/response.schema.json`.

    Raises:
        UsageError: for a provider or an operation that is not there.
    """
    contract = contract_of(provider)
    for side in sides(contract, operations):
        if isinstance(side.schema, JsonSchema):
            text = json.dumps(_whole(contract, side, side.schema), indent=2, ensure_ascii=False)
            yield Exported(f"{side.name}.schema.json", f"{text}\n".encode())


def _whole(contract: Contract, side: Side, schema: JsonSchema) -> Json:
    body = standard(schema, contract)
    message = " ".join(one for one in (MESSAGE.get(side.reads), body.get("$comment")) if one)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:mockcloud:{contract.name}.{side.name}",
        "title": f"{contract.name}.{side.owner} {side.side}",
    }
    if message:
        head["$comment"] = message
    own = {key: value for key, value in body.items() if key not in head}
    documents = cited(contract, iter(schema.sources()))
    return {**head, "type": "object", **own, **({"x-documents": documents} if documents else {})}
