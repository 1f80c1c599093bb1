"""Bulk requests as programs make them, and what is left of them."""

from __future__ import annotations

from typing import Any

from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.http_events import Answer

TEXT = "Hello {name}, your code is {code}"


def number(row: int) -> str:
    """The recipient of a row."""
    return f"+2547{row:08d}"


def rows(count: int) -> list[dict[str, Any]]:
    """So many rows, all good."""
    return [
        {"recipient": number(row), "variables": {"name": f"N{row}", "code": f"{row:04d}"}, "clientReference": f"r{row}"}
        for row in range(count)
    ]


def send(api: ClientApi, recipients: Any, **more: Any) -> Answer:
    """A bulk request of these rows."""
    return api.post("/api/sms/send/bulk", {"message": TEXT, "recipients": recipients} | more)


def left(cloud: Cloud) -> list[str]:
    """What still stands in for messages that are to be made."""
    return sorted(item["pk"] for item in cloud.items("batches") if item["sk"] == "piece")
