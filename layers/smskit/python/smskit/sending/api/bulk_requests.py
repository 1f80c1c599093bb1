"""The bulk request of both APIs, parsed strictly: what is wrong with its shape refuses it whole."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from smskit.models.batch import MOST_ROWS
from smskit.platform.http import patterns
from smskit.platform.http.api_models import RequestModel
from smskit.sending.api.requests import (
    KEY_PATTERN,
    ClientReference,
    Devices,
    Key,
    Message,
    Priority,
    Recipient,
    SendAt,
    ValiditySeconds,
    Variables,
    WaitForPhone,
)
from smskit.sending.api.text_or_template import TemplateId, TextOrTemplate


class BulkRecipient(RequestModel):
    """One recipient of a bulk request."""

    recipient: Recipient
    variables: Variables = Field(default_factory=dict)
    client_reference: ClientReference = None


class BulkRequest(TextOrTemplate):
    """One message to many recipients."""

    # 1,000 texts of 1,600 characters of three bytes, with 180 bytes a row for the rest. Lambda takes 6 MB for the whole
    # event, in which API Gateway writes quotes, backslashes and line breaks of the body with a backslash more.
    most_bytes: ClassVar[int] = 4864 * 1024

    message: Message | None = Field(
        default=None,
        description="What each recipient gets, with its variables: `{name}` stands for the value that the recipient "
        "has for it, `{{` and `}}` for the braces themselves. With the values it has at most 1,600 characters.",
        examples=["Hello {name}, your code is {code}"],
        json_schema_extra=patterns.shown(patterns.WITH_VARIABLES),
    )
    template_id: TemplateId = None
    recipients: list[BulkRecipient] = Field(
        min_length=1,
        max_length=MOST_ROWS,
        description="Each becomes a message, or is refused alone. Of several with one number the first is sent.",
    )
    priority: Priority = 0
    devices: Devices = None
    idempotency_key: Key | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        description="Dedupes retries of the whole: the same request gets the first answer again, and no recipient a "
        "second message; another request 409. Keys of bulk requests and of sends don't meet.",
        examples=["newsletter-2026-06"],
        json_schema_extra={"pattern": KEY_PATTERN},
    )
    validity_seconds: ValiditySeconds = None
    wait_for_phone: WaitForPhone = None
    send_at: SendAt | None = None
