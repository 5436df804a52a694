"""What JD Cloud's views compute: names of pictures, lists of tasks, and why an argument does not fit.

Knows the shapes of members that the contract's data hands in, no request and no state. Law: pure functions; what is
absent comes in as None, and a function that has nothing to say returns None.
"""

from __future__ import annotations

from base64 import b16decode, b32decode, b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import md5
from typing import Final

from mockcloud.codecs import json_body
from mockcloud.codecs.malformed import Malformed
from mockcloud.messages import Json
from mockcloud.providers import jdcloud_lists

DECODERS: Final[Mapping[str, Callable[[str], bytes]]] = {
    "base16": lambda text: b16decode(text, casefold=True),
    "base32": b32decode,
    "base64": lambda text: b64decode(text, validate=True),
}
FLV_RATES: Final = (22050, 44100)
ENCRYPTION: Final = "hls.encrypt."


def thumbnail_keys(count: int, first: int, before: str, number: str, after: str) -> list[str]:
    """`count` texts `before number after`, `number` being the format of a counter that starts at `first`."""
    # Only the contract's own text is a format: a client's prefix may hold a percent sign.
    key = f"{before.replace('%', '%%')}{number}{after.replace('%', '%%')}"
    return [key % i for i in range(first, first + int(count))]


def result_shape(shape: str, name: str, result: Json) -> Json:
    """The result `flat`, or `wrapped` in a member of that name, or (any other shape) flat with the wrapped copy."""
    if shape == "flat":
        return result
    return {name: result} if shape == "wrapped" else {**result, name: result}


# Transcoding


def template_ids(ids: Sequence[str], outputs: Sequence[Mapping[str, Json]]) -> list[str]:
    """Every template that a job speaks of."""
    return [*ids, *(output["templateId"] for output in outputs)]


def missing(wanted: Sequence[str], items: Sequence[Mapping[str, Json]]) -> str | None:
    """The first of the ids that none of the items has."""
    known = {item["id"] for item in items}
    return next((one for one in wanted if one not in known), None)


def title_of(key: str) -> str:
    """The name of an object, without the path before it and the ending behind it."""
    name = key.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def transcode_outputs(
    job: str, outputs: Sequence[Mapping[str, Json]], templates: Sequence[Mapping[str, Json]]
) -> list[dict[str, str]]:
    """One task for each output of a job: all texts, and no member whose value only the video itself would tell."""
    known = {template["id"]: template for template in templates}
    made = []
    for number, output in enumerate(outputs, 1):
        template = known.get(output["templateId"], {})
        video = template.get("video", {})
        told = {
            "format": template.get("container", {}).get("format"),
            "width": video.get("width"),
            "height": video.get("height"),
            "bitrate": video.get("bitrate") if video.get("rcmode") == "abr" else None,
            "framerate": video.get("frameRate"),
            "definition": template.get("definition"),
        }
        task = {"taskId": f"{job}{number:04d}", "objectKey": output["objectKey"]}
        made.append({**task, **{name: str(value) for name, value in told.items() if value is not None}})
    return made


def transcode_tasks(job: str, status: str, ended: str | None, kept: Sequence[Mapping[str, Json]]) -> list[dict[str, str]]:
    """The tasks of a job as it stands, out of what was kept of all jobs."""
    finish = {"finishTime": ended} if ended else {}
    tasks = next((one["tasks"] for one in kept if one["job"] == job), ())
    return [{"jobId": job, **task, "status": status, **finish} for task in tasks]


def additional_problem(text: str | None) -> str | None:
    """Why a job's additional properties are none: JSON in a text, whose key for HLS comes with two more."""
    if text is None:
        return None
    try:
        given = json_body.decode(text.encode())
    except Malformed as problem:
        return f"additionalProperties is not JSON: {problem}"
    if not isinstance(given, dict):
        return "additionalProperties is not a JSON object"
    if f"{ENCRYPTION}key" not in given:
        return None
    lacking = next((name for name in ("keyUrl", "encodeType") if not given.get(f"{ENCRYPTION}{name}")), None)
    if lacking:
        return f"additionalProperties has {ENCRYPTION}key and no {ENCRYPTION}{lacking}"
    decode = DECODERS.get(str(given[f"{ENCRYPTION}encodeType"]))
    try:
        whole = decode is not None and len(decode(given[f"{ENCRYPTION}key"])) == 16
    except (TypeError, ValueError):
        whole = False
    return None if whole else f"additionalProperties has a {ENCRYPTION}key that does not decode to 16 bytes"


def flv_problem(container: Mapping[str, Json] | None, audio: Mapping[str, Json] | None) -> str | None:
    """Why a template cannot make flv."""
    if (container or {}).get("format") != "flv" or (audio or {}).get("sampleRate") in FLV_RATES:
        return None
    return "audio.sampleRate is neither 22050 nor 44100, as flv wants it"


# Snapshots


def sprite_problem(config: Mapping[str, Json] | None) -> str | None:
    """Why a sprite cannot be made so."""
    given = config or {}
    if given.get("rows", 0) * given.get("columns", 0) > 100:
        return "spriteConfig.rows times spriteConfig.columns is more than 100"
    odd = next((name for name in ("cellWidth", "cellHeight") if given.get(name, 0) % 2), None)
    return f"spriteConfig.{odd} is odd" if odd else None


def shot_number(number: int, sprite: Mapping[str, Json] | None) -> int:
    """How many pictures are taken: as many as a sprite has cells, where there is one."""
    return int(sprite["rows"] * sprite["columns"]) if sprite else number


def object_path(path: str | None, key: str, task: str, created: str) -> str:
    """The folder of a task's pictures, its placeholders filled in."""
    filled = path or "mps/{YEAR}/{MONTH}/{DAY}/{FILENAME}/"
    date = {"YEAR": created[:4], "MONTH": created[5:7], "DAY": created[8:10]}
    for name, value in {**date, "TASKID": task, "FILENAME": title_of(key)}.items():
        filled = filled.replace(f"{{{name}}}", value)
    return filled if filled.endswith("/") else f"{filled}/"


# Notifications


def subscribed(setting: Mapping[str, Json], event: str) -> str | None:
    """Where an event is told, None where nobody wants to know of it."""
    wanted = setting["enabled"] and event in setting["events"]
    return setting["endpoint"] if wanted else None


def notice(form: str, message: Json, tag: str, id: str, now: float) -> Json:
    """A message as it is sent: itself, or (form JSON) in an envelope with its attributes. What is no text is told in JSON."""
    text = message if isinstance(message, str) else json_body.encode(message).decode()
    if form != "JSON":
        return text
    return {
        "topicOwner": "100000000001",
        "topicName": "mps",
        "subscriptionName": "mps",
        "messageId": id,
        "message": text,
        "messageMD5": md5(text.encode(), usedforsecurity=False).hexdigest(),
        "messageTag": tag,
        "publishTime": int(now * 1000 + 1e-4),
    }


def base64_of(text: str) -> str:
    """The text's bytes in base64."""
    return b64encode(text.encode()).decode()


def doubling(first: int, most: int, times: int) -> list[int]:
    """So many gaps, each twice the one before it and none over the most."""
    return [min(first << step, most) for step in range(times)]


def scaled(gaps: Sequence[float], by: float) -> list[float]:
    """The gaps, each so many times as long."""
    return [gap * by for gap in gaps]


_CALLED: Final[tuple[Callable[..., Json], ...]] = (
    *jdcloud_lists.VALUES,
    *(thumbnail_keys, result_shape),
    *(template_ids, missing, title_of, transcode_outputs, transcode_tasks, additional_problem, flv_problem),
    *(sprite_problem, shot_number, object_path, subscribed, notice, base64_of, doubling, scaled),
)
VALUES: Final[Mapping[str, Callable[..., Json]]] = {one.__name__.replace("_", "-"): one for one in _CALLED}
"""The functions by the names that views call them by: `filter-problem` is `filter_problem`."""
