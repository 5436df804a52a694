import hashlib
import sys

import httpx

key, secret, code, nonce, now = "mockcloud", "mockcloud-secret", "mockcloud", "938219048", "1432038519"
headers = {
    "apiPublicKey": key,
    "apiNonce": nonce,
    "apiClientCode": code,
    "apiExecTime": now,
    "apiCheckSum": hashlib.sha1(f"{secret}{nonce}{code}{now}".encode()).hexdigest(),
}
task = {
    "source": {"source_url": "rtmp://media.example/live/in"},
    "profile_name": "video_mp4_1280x720_1728kbps",
    "targets": [{"target_url": "rtmp://media.example/live/out"}],
}
made = httpx.post(f"{sys.argv[1]}/api/v1/task/transcoding", json=task, headers=headers)
print(made.json()["task_id"])
