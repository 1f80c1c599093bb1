"""Sends one SMS through the public API, the way a customer would, and follows it."""

import time
from collections.abc import Sequence
from typing import Any

import httpx2

from smskit_local.errors import DemoError

_FINAL = {"Delivered", "Failed", "DeadLetter", "Cancelled"}
RECIPIENT = "+254712345678"


class Customer:
    """A caller of the REST API with one key."""

    def __init__(self, api_url: str, api_key: str) -> None:
        self._http = httpx2.Client(base_url=api_url, headers={"X-Api-Key": api_key}, timeout=30, trust_env=False)

    def __enter__(self) -> "Customer":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def is_welcome(self) -> bool:
        """Whether the API answers and knows the key."""
        try:
            return self._http.get("/api/devices").status_code == httpx2.codes.OK
        except httpx2.HTTPError:
            return False

    def has_phone_online(self) -> bool:
        """Whether any phone of the account is online."""
        devices = self._answer(self._http.get("/api/devices"))["devices"]
        return any(device["status"] == "Online" for device in devices)

    def send(self, message: str) -> str:
        """Queue an SMS and return its job id."""
        body = {"recipient": RECIPIENT, "message": message, "priority": 9}
        return str(self._answer(self._http.post("/api/sms/send", json=body))["jobId"])

    def register_webhook(self, url: str, events: Sequence[str]) -> str:
        """Let events be POSTed to a URL, and return the secret that signs them."""
        return str(self._answer(self._http.post("/api/webhooks", json={"url": url, "events": list(events)}))["secret"])

    def follow(self, job_id: str, seconds: float = 60) -> dict[str, Any]:
        """Return the job once it is in a final state. Raises DemoError if that isn't Delivered."""
        deadline = time.monotonic() + seconds
        job: dict[str, Any] = {"status": "unknown"}
        while job["status"] not in _FINAL:
            if time.monotonic() > deadline:
                raise DemoError(f"the test SMS {job_id} is still {job['status']} after {seconds:.0f} s")
            time.sleep(0.3)
            job = self._answer(self._http.get(f"/api/sms/{job_id}/status"))
        if job["status"] != "Delivered":
            raise DemoError(f"the test SMS {job_id} ended as {job['status']}: {job.get('error')}")
        return job

    def _answer(self, response: httpx2.Response) -> dict[str, Any]:
        if not response.is_success:
            raise DemoError(f"{response.request.url} answered {response.status_code}: {response.text}")
        body: dict[str, Any] = response.json()
        return body
