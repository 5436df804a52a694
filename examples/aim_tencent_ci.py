import sys
from urllib.parse import urlsplit

from qcloud_cos import CosConfig, CosS3Client

mock = urlsplit(sys.argv[1])  # http://127.0.0.1:8080
config = CosConfig(
    Region="ap-chongqing",
    SecretId="mockcloud",
    SecretKey="mockcloud-secret",
    Scheme="http",
    Endpoint="ci.ap-chongqing.myqcloud.com",
    IP=mock.hostname,
    Port=mock.port,
)
client = CosS3Client(config)
job = {"Tag": "MediaInfo", "Input": {"Object": "in/clip.mp4"}}
made = client.ci_create_media_jobs("media-1250000000", Jobs=job, Lst={}, ContentType="application/xml")
print(made["JobsDetail"][0]["State"])
