"""Answers about messages, as operators see them."""

from __future__ import annotations

from pydantic import Field

from smskit.platform.http.api_models import ApiModel, maybe, time_field
from smskit.platform.http.page_views import PageView
from smskit.sending.api.views import JobStatusView

OUTCOMES = (
    "sent", "delivered", "failed", "attempt_failed", "declined", "disowned", "outcome_unknown", "dead_letter",
)  # fmt: skip


class MessageView(JobStatusView):
    """A message with its text."""

    message: str = Field(examples=["Your code is 123456"])
    client_id: str = Field(
        description="Who sent it: an API client, or `operator:<personId>` for what a person sent; "
        "`smskit` for an answer to a keyword.",
        examples=["cli_06F2M8QZ4N1R7T3V5W0X"],
    )
    client_name: str | None = maybe(
        description="The client's name now, or the person's e-mail address; absent for a person who left long ago.",
        examples=["Booking service"],
    )
    conversation_id: str | None = maybe(
        description="The thread with the recipient, which is there once the number has written.",
        examples=["cnv_4N8R2T6W0X3Z7B1D5F9H"],
    )
    expires_at: str = Field(examples=["2026-06-24T10:00:00Z"], json_schema_extra={"format": "date-time"})


class MessageAttempt(ApiModel):
    """A phone that took the message, and what came of it."""

    number: int = Field(examples=[1])
    device_id: str = Field(examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"])
    sim_slot: int = Field(examples=[0])
    assigned_at: str = Field(examples=["2026-06-23T10:00:01Z"], json_schema_extra={"format": "date-time"})
    outcome: str | None = maybe(
        description=f"{', '.join(OUTCOMES[:-1])} or {OUTCOMES[-1]} (the message was given up during the try); "
        "absent so far.",
        examples=["delivered"],
    )
    ended_at: str | None = time_field("The outcome was known.")
    detail: str | None = maybe(examples=["no_service"])


class MessageDetail(MessageView):
    """A message, and each phone that took it."""

    tries: list[MessageAttempt]


class MessagePage(PageView):
    """A page of messages, newest first. A filtered page may be short or empty, and still have a next one."""

    items: list[MessageView] = Field(alias="messages")
    looked_back_to: str | None = time_field(
        "When the last message was accepted that was looked at for this page, whether it is in it or not; absent on "
        "the last page, which has looked at all."
    )
