"""The contracts of the UCloud clients: one for each operation, over any client that has the operation.

Law: a contract says how a client is called and what it read, and corrects nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from mockcloud import ClientContract, Cloud

from .ucloud_httpx import Media, MediaError, Task
from .ucloud_sdk import ERRORS, UdiTasks, code

PLACE = {"Region", "Zone", "ProjectId"}


class OfMedia(ClientContract):
    """What all have. `made_of` is the client's class; the action is the method's own, so it is no argument."""

    made_of: ClassVar[type] = Media
    error = MediaError

    def client(self, cloud: Cloud) -> Any:
        keys = cloud.credentials("ucloud")
        return self.made_of(keys.access_key, keys.secret_key)

    def call(self, client: Any, args: Mapping[str, Any]) -> Any:
        return client.call(self.operation.partition(".")[2], args)

    def result(self, returned: Any) -> Any:
        return returned

    def code(self, error: Any) -> Any:
        return error.code


class Creating(OfMedia):
    """Tasks: created and waited for."""

    operation = "ucloud.CreateMediaTask"
    arguments: ClassVar = {*PLACE, "StorageBackend", "Bucket", "SrcKey", "DstKey", "Function", "FunctionParamTemplateId"}

    def call(self, client: Any, args: Mapping[str, Any]) -> Task:
        return client.create(args)

    def result(self, returned: Task) -> Mapping[str, Any]:
        return returned.said

    def wait(self, client: Any, returned: Task) -> str:
        return client.wait(returned)


class Looking(OfMedia):
    """One task, or all."""

    operation = "ucloud.DescribeMediaTask"
    arguments: ClassVar = {*PLACE, "TaskId"}


class ReadingFunctions(OfMedia):
    """What can be done, with its parameters."""

    operation = "ucloud.DescribeMediaFunctions"
    arguments: ClassVar = {*PLACE, "Function"}


class MakingTemplates(OfMedia):
    """Templates, with everything that the page lists."""

    operation = "ucloud.CreateFunctionTemplate"
    arguments: ClassVar = {
        *PLACE,
        *("ProjectName", "TemplateName", "Function", "ContainerFormat", "EncodeFormat"),
        *("VideoBitRate", "VideoBitRateCustom", "Resolution", "ResolutionWidth", "ResolutionHeight"),
        *("AudioBitRate", "AudioBitRateCustom", "AudioSampleRate", "AudioChannel"),
        *("CRF", "CRFCustom", "FrameRate", "FrameRateCustom", "ImageFormat", "SnapTime", "SnapTimeCustom"),
        *("ImageWidth", "ImageWidthCustom", "ImageHeight", "ImageHeightCustom"),
        *("GifFrameRate", "GifFrameRateCustom", "GifTime", "GifTimeCustom"),
    }


class ListingProjects(OfMedia):
    """The account's projects."""

    operation = "ucloud.GetProjectList"
    arguments: ClassVar = {"IsFinance"}


class OfSdk(OfMedia):
    """What the contracts of the SDK have in common."""

    made_of = UdiTasks
    error = ERRORS

    def code(self, error: Any) -> Any:
        return code(error)


class CreatingBySdk(OfSdk, Creating):
    """Tasks, by the SDK's method."""


class LookingBySdk(OfSdk, Looking):
    """Tasks looked at, by the SDK's method."""


class ReadingFunctionsBySdk(OfSdk, ReadingFunctions):
    """What can be done, by the SDK's method."""


class MakingTemplatesBySdk(OfSdk, MakingTemplates):
    """Templates, by the SDK's call for any action: its method for them drops what is said of pictures."""


CORRECT = (
    Creating,
    Looking,
    ReadingFunctions,
    MakingTemplates,
    ListingProjects,
    CreatingBySdk,
    LookingBySdk,
    ReadingFunctionsBySdk,
    MakingTemplatesBySdk,
)
