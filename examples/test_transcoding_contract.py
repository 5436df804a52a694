import hashlib
import secrets
import time
from urllib.parse import quote

import httpx

import mockcloud


class PontusError(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Pontus:
    """The client under test."""

    def __init__(self, key, secret, client):
        self.key, self.secret, self.client, self.http = key, secret, client, httpx.Client()

    def get_task(self, version, task_id):
        nonce, now = str(secrets.randbelow(10**30)), str(int(time.time()))
        checksum = hashlib.sha1(f"{self.secret}{nonce}{self.client}{now}".encode()).hexdigest()
        headers = {"apiPublicKey": self.key, "apiClientCode": self.client, "apiNonce": nonce}
        headers |= {"apiExecTime": now, "apiCheckSum": checksum}
        try:
            url = f"https://media.pontus.com/api/{quote(version)}/task/transcoding/{quote(task_id, safe='')}"
            answer = self.http.get(url, headers=headers)
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise PontusError("") from error
        if answer.status_code != 200:
            raise PontusError(said.get("code", ""))
        return said


class TestGettingATask(mockcloud.ClientContract):
    operation = "pontus.getTranscodingTask"
    error = PontusError  # what the client raises for a refusal

    def client(self, cloud):
        keys = cloud.credentials("pontus")
        return Pontus(keys.access_key, keys.secret_key, keys.client_code)

    def call(self, client, args):  # documented arguments, by the vendor's names
        return client.get_task(args["version"], args["task_id"])

    def result(self, returned):  # the documented members that the client read
        return {"task_status": returned["task_status"], "error": returned.get("error")}

    def code(self, error):  # the vendor's code that the client's error carries
        return error.code
