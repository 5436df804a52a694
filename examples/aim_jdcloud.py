import sys
from urllib.parse import urlsplit

from jdcloud_sdk.core.config import Config
from jdcloud_sdk.core.credential import Credential
from jdcloud_sdk.core.logger import Logger
from jdcloud_sdk.services.mps.apis.CreateThumbnailTaskRequest import CreateThumbnailTaskParameters, CreateThumbnailTaskRequest
from jdcloud_sdk.services.mps.client.MpsClient import MpsClient
from jdcloud_sdk.services.mps.models.ThumbnailTaskSource import ThumbnailTaskSource
from jdcloud_sdk.services.mps.models.ThumbnailTaskTarget import ThumbnailTaskTarget

mock = urlsplit(sys.argv[1])  # http://127.0.0.1:8080
client = MpsClient(Credential("mockcloud", "mockcloud-secret"), Config(mock.netloc, "http"), Logger(0))
source, target = ThumbnailTaskSource("media", "in/clip.mp4"), ThumbnailTaskTarget("frames")
made = client.send(CreateThumbnailTaskRequest(CreateThumbnailTaskParameters("cn-north-1", source, target)))
print(made.result["taskID"])
