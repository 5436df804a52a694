import sys

from ucloud.client import Client

config = {
    "region": "cn-bj2",
    "project_id": "org-1",
    "public_key": "mockcloud",
    "private_key": "mockcloud-secret",
    "base_url": sys.argv[1],  # http://127.0.0.1:8080
}
task = {
    "Zone": "cn-bj2-02",
    "StorageBackend": "US3",
    "Bucket": "media",
    "SrcKey": "in/clip.mp4",
    "DstKey": "out/clip.mp4",
    "Function": "VideoTranscode",
    "FunctionParamTemplateId": "preset-transcode-h264-mp4",
}
print(Client(config).udi().create_media_task(task)["TaskId"])
