"""Read HTTP archives, as browsers, proxies and test tools save them, of any size.

Knows the archive's members and the habits of those who write them; judges nothing. Law: an entry is a value whatever is wrong
with it: a body that was not saved, or was cut, is said on its side.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from mockcloud.messages import Json, Pairs, Request, Response, shortened
from mockcloud.traffic import content, json_stream, urls
from mockcloud.traffic.exchange import Unfit, base64, encoded, headers_of, kind_of
from mockcloud.traffic.json_text import parsed
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.streams import LARGEST

PATHS: Final = (("log", "entries"),)

HINT: Final = (
    "save the archive with its content: \"Save all as HAR with content\" in a browser, content: 'embed' in Playwright's recordHar"
)
"""How bodies come into an archive."""

_FORM: Final = "application/x-www-form-urlencoded"


def read(file: io.BufferedReader, name: str, largest: int = LARGEST) -> Iterator[Recorded]:
    """What each entry records. Raises Unreadable."""
    for number, element in enumerate(json_stream.elements(file, PATHS, largest), 1):
        place = Place(name, number, element.line)
        yield Recorded(place, problem=element.problem) if element.problem else _entry(element, place)


def _entry(element: json_stream.Element, place: Place) -> Recorded:
    try:
        entry = parsed(element.data, element.line)
        if not isinstance(entry, dict) or not isinstance(entry.get("request"), dict):
            raise Unfit(f"the entry is {kind_of(entry)} without a request, wanted an object with one")
        request, trouble = _request(entry["request"])
        response, lack = _response(entry, request.method)
    except Unfit as problem:
        return Recorded(place, problem=str(problem))
    return Recorded(place, request, response, request_problem=trouble, response_problem=lack)


def _request(data: Json) -> tuple[Request, str]:
    method, url = _text(data, "method"), _text(data, "url")
    if not method or not url:
        raise Unfit("the entry's request has no method or no url")
    host, target = urls.parts(url)
    headers = headers_of(data.get("headers"), "request")
    host = urls.host(host, headers) if target.startswith("/") else ""
    post = _object(data, "postData")
    body, trouble = _post(post, headers)
    lack = content.missing("request", headers, body, size=_number(data, "bodySize"), hint=HINT)
    headers = _settled(headers, _text(post, "mimeType"), body)
    return Request(method, target, host, headers, body), trouble or lack


def _response(entry: Json, method: str) -> tuple[Response | None, str]:
    data = entry.get("response")
    if not isinstance(data, dict) or not 100 <= _number(data, "status") <= 999:
        return None, ""  # it was aborted, blocked, or is still on its way
    status = _number(data, "status")
    saved = _object(data, "content")
    headers = headers_of(data.get("headers"), "response")
    body, trouble = _content(saved)
    size = _number(saved, "size")
    lack = content.missing("response", headers, body, size=size, method=method, status=status, hint=HINT)
    spoken = entry.get("_webSocketMessages")
    if isinstance(spoken, list) and spoken:
        lack = f"it opened a WebSocket with {len(spoken)} messages, which no contract describes"
    return Response(status, _settled(headers, _text(saved, "mimeType"), body), body), trouble or lack


def _settled(headers: Pairs, kind: str, body: bytes) -> Pairs:
    """Headers that hold of a body that is decoded already; where none were saved, the content's type is known all the same."""
    if not headers and kind and kind != "x-unknown":
        return (("Content-Type", kind),)
    return content.settled(urls.without_pseudo(headers), body)


def _post(post: dict[str, Json], headers: Pairs) -> tuple[bytes, str]:
    """The body of a request, from its text or its form's fields."""
    if _text(post, "text"):
        return _bytes(post, "request"), ""
    if post.get("_file"):
        return b"", _elsewhere("request", post)
    params = post.get("params")
    if not isinstance(params, list) or not params:
        return b"", ""
    kind = _text(post, "mimeType") or content.value(headers, "content-type")
    if not kind.startswith(_FORM):
        return b"", f"the recording has the request's parts, and not its body of {kind[:60]!a}; {HINT}"
    fields = [(_text(one, "name"), _text(one, "value")) for one in params if isinstance(one, dict)]
    return urlencode(fields, errors="replace").encode("ascii"), ""


def _content(saved: dict[str, Json]) -> tuple[bytes, str]:
    """The body of a response, and what its saver says of it."""
    if saved.get("_file"):
        return b"", _elsewhere("response", saved)
    body = _bytes(saved, "response")
    comment = _text(saved, "comment")
    # Firefox cuts at a limit that is set in about:config, and says so here.
    return body, f"the recording's body is cut: {shortened(comment)}" if body and "truncat" in comment.lower() else ""


def _elsewhere(side: str, saved: dict[str, Json]) -> str:
    return f"the recording has no body: the {side}'s is in the file {_text(saved, '_file')[:100]!a} beside it; {HINT}"


def _bytes(saved: dict[str, Json], side: str) -> bytes:
    text = _text(saved, "text")
    if _text(saved, "encoding").lower() == "base64":
        return base64(text, side)
    charset = _text(saved, "mimeType").lower().partition("charset=")[2]
    return encoded(text, charset.partition(";")[0].strip(" \"'"))


def _object(data: Json, name: str) -> dict[str, Json]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _text(data: Json, name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""


def _number(data: Json, name: str) -> int:
    found = data.get(name)
    return found if isinstance(found, int) else -1
