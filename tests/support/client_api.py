"""A client of the client API: calls the real handler with one tenant's key."""

from __future__ import annotations

from typing import Any

from tests.support import functions, seeds
from tests.support.aws import Cloud
from tests.support.http_events import Answer, answer_of, http_event

SEND = {"recipient": "+254712345678", "message": "Your code is 123456"}


class ClientApi:
    """Speaks for one tenant; `post(...)`, `get(...)` and `send(...)` answer what the handler answers."""

    def __init__(self, cloud: Cloud, limit: int = 100, tenant: seeds.Tenant | None = None) -> None:
        self.cloud = cloud
        self.tenant = tenant or seeds.tenant(limit)
        self.account_id = self.tenant.account_id

    def test_client(self, limit: int = 10_000) -> ClientApi:
        """Another client of the same account, which has a test key."""
        return ClientApi(self.cloud, tenant=seeds.test_tenant(self.account_id, limit))

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> Answer:
        """A request with the tenant's key; a header given as an empty text is left out."""
        sent = {"x-api-key": self.tenant.key, "content-type": "application/json"}
        sent |= {name.lower(): value for name, value in (headers or {}).items()}
        given = {name: value for name, value in sent.items() if value}
        event = http_event(method, path, body=body, headers=given, **more)
        return answer_of(functions.load("client_api").lambda_handler(event, functions.LambdaContext()))

    def get(self, path: str, **more: Any) -> Answer:
        """GET."""
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        """POST."""
        return self.call("POST", path, body, **more)

    def send(self, **changes: Any) -> Answer:
        """A send that is good but for the changes."""
        return self.post("/api/sms/send", SEND | changes)

    def status(self, job_id: str) -> Answer:
        """A job's status."""
        return self.get(f"/api/sms/{job_id}/status")

    def kept(self) -> dict[str, Any]:
        """All that a send could leave behind."""
        return {
            "jobs": self.cloud.items("jobs"),
            "pool": self.cloud.items("pool"),
            "devices": self.cloud.items("devices"),
            "queued": self.cloud.queued(),
        }
