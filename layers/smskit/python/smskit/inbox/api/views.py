"""Requests and answers about inbound messages and conversations."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from smskit.models.job import JobStatus
from smskit.platform.http import patterns
from smskit.platform.http.api_models import ApiModel, RequestModel, maybe, time_field
from smskit.platform.http.page_views import PageView
from smskit.platform.http.query_values import moment_text
from smskit.sending.api.requests import SendAt, SendRequest, Text, printable
from smskit.sending.api.views import JobErrorView

_CONVERSATION_ID = "cnv_4N8R2T6W0X3Z7B1D5F9H"
_MESSAGE_ID, _JOB_ID = "msg_2Q6S0V4X8Z1B5D9F3H7K", "job_7H2K9M4P1Q6R3T8V5W0X"
_DEVICE_ID = "dvc_3K7J2H5F8M1N4Q9R6V0W"
_RECEIVED_AT = "2026-06-23T10:05:00Z"
_DIRECTION: dict[str, Any] = {"enum": ["in", "out"]}
_STATUS: dict[str, Any] = {"enum": [status.value for status in JobStatus]}


def _asked(name: str) -> str:
    """What a send's field of this name is for."""
    return SendRequest.model_fields[name].description or ""


class ReplyRequest(RequestModel):
    """A reply in a conversation."""

    message: Text = Field(
        min_length=1,
        max_length=1600,
        description=_asked("message"),
        examples=["We will call you at 10"],
        json_schema_extra=patterns.shown(patterns.NOT_BLANK),
    )
    priority: int = Field(default=0, ge=0, le=10, description=_asked("priority"), examples=[5])
    fallback: bool = Field(
        default=False,
        description="Whether another SIM may send it when the one that the contact wrote to can't. Without it the "
        "reply goes out by that SIM or not at all.",
        examples=[True],
    )
    idempotency_key: Annotated[Text, AfterValidator(printable)] | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        description=_asked("idempotency_key"),
        examples=["ticket-77-answer-2"],
        json_schema_extra={"pattern": "^[ -~]*[!-~][ -~]*$"},
    )
    validity_seconds: int | None = Field(
        default=None, ge=30, le=259_200, description=_asked("validity_seconds"), examples=[3600]
    )
    client_reference: str | None = Field(
        default=None, min_length=1, max_length=64, description=_asked("client_reference"), examples=["ticket-77"]
    )
    wait_for_phone: bool | None = Field(default=None, description=_asked("wait_for_phone"), examples=[True])
    send_at: SendAt | None = None


class MarkRead(RequestModel):
    """Up to when somebody has read a conversation."""

    until: Annotated[str, AfterValidator(moment_text)] = Field(
        max_length=40, description="`at` of the newest message that was shown.", examples=[_RECEIVED_AT],
        json_schema_extra=patterns.shown(patterns.MOMENT, "date-time"),
    )  # fmt: skip


class ReceivedMessageView(ApiModel):
    """An SMS that one of the account's phones received: the fields of the event `sms:received`."""

    message_id: str = Field(examples=[_MESSAGE_ID])
    sender: str = Field(
        alias="from", description="E.164 for a phone number; short codes and names as they are.",
        examples=["+254712345678"],
    )  # fmt: skip
    recipient: str | None = maybe(alias="to", description="The SIM's number, where it is known.",
                                  examples=["+254700000000"])  # fmt: skip
    content: str = Field(examples=["YES"])
    device_id: str = Field(examples=[_DEVICE_ID])
    sim_slot: int = Field(examples=[0])
    received_at: str = Field(
        description="When the phone got it, by the phone's clock.", examples=[_RECEIVED_AT],
        json_schema_extra={"format": "date-time"},
    )  # fmt: skip
    conversation_id: str = Field(examples=[_CONVERSATION_ID])


class ReceivedPage(ApiModel):
    """A page of the feed, in the order of arrival."""

    messages: list[ReceivedMessageView]
    cursor: str = Field(
        description="Send it as `since` to go on behind this page; it is there on an empty page too.",
        examples=["MS5hMWIyYzNkNC40Mg"],
    )
    has_more: bool = Field(description="Whether the next page can be read at once.", examples=[False])


class OwnerView(ApiModel):
    """The SIM that the contact wrote to last, by which replies go out."""

    device_id: str = Field(examples=[_DEVICE_ID])
    sim_slot: int = Field(examples=[0])


class LastMessageView(ApiModel):
    """The message that a conversation ends with. A reply counts; what is sent outside the conversation doesn't."""

    direction: str = Field(examples=["in"], json_schema_extra=_DIRECTION)
    at: str = Field(examples=[_RECEIVED_AT], json_schema_extra={"format": "date-time"})
    message_id: str | None = maybe(examples=[_MESSAGE_ID])
    job_id: str | None = maybe(examples=[_JOB_ID])
    status: str | None = maybe(description="The job's status.", examples=["Delivered"], json_schema_extra=_STATUS)
    preview: str | None = maybe(
        description="The first 160 characters; absent once the message is no longer kept.", examples=["YES"]
    )


class ConversationView(ApiModel):
    """The thread with one number."""

    conversation_id: str = Field(examples=[_CONVERSATION_ID])
    number: str = Field(description="Whom it is with, as in `from` of its messages.", examples=["+254712345678"])
    contact_name: str | None = maybe(
        description="What the account's people call the number.", examples=["Amina Otieno"]
    )
    unread_count: int = Field(examples=[1])
    unread_since: str | None = time_field("The first message came in that nobody has read.")
    opted_out: bool = Field(description="Whether the number has opted out of messages.", examples=[False])
    owner: OwnerView | None = maybe()
    last_message: LastMessageView


class ConversationPage(PageView):
    """A page of the account's conversations, the last active first."""

    items: list[ConversationView] = Field(alias="conversations")


class UnreadConversations(ApiModel):
    """How many conversations hold something unread."""

    count: int = Field(examples=[4])
    has_more: bool = Field(description="Whether there are more than were counted.", examples=[False])
    oldest_since: str | None = time_field("The first message came in of those that nobody has read.")


class ConversationMessageView(ApiModel):
    """A message of a conversation: `in` with the fields of the feed, `out` with those of its job."""

    direction: str = Field(examples=["out"], json_schema_extra=_DIRECTION)
    at: str = Field(
        description="When it came to the server: the order of the conversation.", examples=[_RECEIVED_AT],
        json_schema_extra={"format": "date-time"},
    )  # fmt: skip
    content: str = Field(examples=["We will call you at 10"])
    message_id: str | None = maybe(examples=[_MESSAGE_ID])
    job_id: str | None = maybe(examples=[_JOB_ID])
    status: str | None = maybe(description="The job's status.", examples=["Delivered"], json_schema_extra=_STATUS)
    device_id: str | None = maybe(description="The phone that received or has it.", examples=[_DEVICE_ID])
    sim_slot: int | None = maybe(description="The SIM that received or has it.", examples=[0])
    received_at: str | None = time_field("When the phone got it, by the phone's clock.")
    sent_at: str | None = time_field("Every part was handed over to the network.")
    delivered_at: str | None = time_field("Every part was confirmed by the recipient's phone.")
    failed_at: str | None = time_field("The job ended as Failed or DeadLetter.")
    error: JobErrorView | None = maybe()
    segments: int | None = maybe(description="SMS segments that the job takes.", examples=[1])
    client_id: str | None = maybe(
        description="Who sent it: an API client, or `operator:<personId>` for what a person sent; "
        "`smskit` for an answer to a keyword.",
        examples=["cli_06F2M8QZ4N1R7T3V5W0X"],
    )
    client_name: str | None = maybe(
        description="The client's name now, or the person's e-mail address. The console shows it, unless that person "
        "left long ago.",
        examples=["Booking service"],
    )
    client_reference: str | None = maybe(examples=["ticket-77"])


class ThreadPage(PageView):
    """A page of a conversation, newest first."""

    items: list[ConversationMessageView] = Field(alias="messages")
