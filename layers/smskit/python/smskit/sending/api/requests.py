"""Requests of the client API, parsed strictly.

Strict: `true`, `"5"` and `5.0` are no integers, null is no value, and an unknown field is refused, so that a typo
such as `priorty` can't pass in silence. The rules are also what the OpenAPI document says.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic_core import InitErrorDetails, PydanticCustomError

from smskit.models.device import MOST_SLOTS
from smskit.models.job import JobStatus
from smskit.platform.http import patterns
from smskit.platform.http.api_models import RequestModel, not_blank
from smskit.platform.http.query_values import moment_text
from smskit.platform.ids import ALPHABET, is_id
from smskit.sending.api.text_or_template import ONE_OF_BOTH, TemplateId, TextOrTemplate, fault
from smskit.sending.logic import variables

DEVICE_ID_PATTERN = f"^dvc_[{ALPHABET}]{{20}}$"


def printable(text: str) -> str:
    """A validator: printable ASCII only."""
    if not all(" " <= character <= "~" for character in text):
        raise PydanticCustomError("printable", "may hold only printable ASCII characters")
    return text


def _device_id(text: str) -> str:
    if not is_id("dvc", text):
        raise PydanticCustomError("device_id", "must be a device id, such as dvc_3K7J2H5F8M1N4Q9R6V0W")
    return text


def _device_reference(value: Any) -> Any:
    """A device may be written as its id alone."""
    if isinstance(value, str):
        return {"deviceId": _device_id(value)}
    if not isinstance(value, dict):
        raise PydanticCustomError("device", "must be a device id, or an object with deviceId and maybe simSlot")
    return value


Text = Annotated[str, AfterValidator(not_blank)]
Message = Annotated[str, Field(min_length=1, max_length=1600), AfterValidator(not_blank)]
SimSlot = Annotated[
    int, Field(ge=0, le=MOST_SLOTS - 1, description="The SIM's slot in the phone, from 0.", examples=[0])
]
DeviceId = Annotated[
    str,
    AfterValidator(_device_id),
    Field(
        description="From `GET /api/devices`.",
        examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"],
        json_schema_extra={"pattern": DEVICE_ID_PATTERN},
    ),
]


def _with_offset(text: str) -> str:
    """A validator: an RFC 3339 time. In a body nothing makes a space of a plus sign."""
    if " " in text:
        raise PydanticCustomError("time", "must be an RFC 3339 time with its offset, such as 2026-06-23T10:00:00+03:00")
    moment_text(text)
    return text


SendAt = Annotated[
    str,
    AfterValidator(_with_offset),
    Field(
        max_length=40,
        description="When to send it, as an RFC 3339 time with its offset: from now to 30 days ahead. Until then the "
        "job is `Scheduled`, and `validitySeconds` counts from there.",
        examples=["2026-06-24T08:00:00+03:00"],
        json_schema_extra=patterns.shown(patterns.MOMENT, "date-time"),
    ),
]


class DeviceReference(RequestModel):
    """A phone, or with `simSlot` only that SIM of it."""

    device_id: DeviceId
    sim_slot: SimSlot | None = None


Device = Annotated[
    DeviceReference, BeforeValidator(_device_reference, json_schema_input_type=DeviceId | DeviceReference)
]


Recipient = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        description="E.164 (`+254712345678`). Numbers without `+` are treated as Kenyan (+254), or as those "
        "of the country that the account has set. "
        "Spaces, dots, dashes and brackets are dropped.",
        examples=["+254712345678"],
        json_schema_extra=patterns.shown(patterns.NUMBER, "phone-number"),
    ),
]
Priority = Annotated[int, Field(ge=0, le=10, description="Higher is sent first. Use 9–10 for OTPs.", examples=[9])]
Devices = Annotated[
    list[Device] | None,
    Field(
        min_length=1,
        max_length=20,
        description="Phones or SIMs that may send it. Omit to let SMSKit choose.",
        examples=[[{"deviceId": "dvc_3K7J2H5F8M1N4Q9R6V0W", "simSlot": 0}]],
    ),
]
Key = Annotated[Text, AfterValidator(printable)]
KEY_PATTERN = "^[ -~]*[!-~][ -~]*$"
ValiditySeconds = Annotated[
    int | None,
    Field(
        ge=30,
        le=259_200,
        description="The job's deadline: it is never sent later than this many seconds after it was accepted. "
        "Without it the account's default counts: a day, unless its settings say otherwise.",
        examples=[300],
    ),
]
ClientReference = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=64,
        description="Your own reference; it comes back with the job's status.",
        examples=["order-1042"],
    ),
]
VariableName = Annotated[str, Field(min_length=1, max_length=64, pattern=f"^{variables.NAME}$")]
VariableValue = Annotated[str, Field(max_length=1600)]
Variables = Annotated[
    dict[VariableName, VariableValue],
    Field(
        max_length=50,
        description="What stands for `{name}` in the text. What the text doesn't have is left out.",
        examples=[{"name": "Asha", "code": "4711"}],
        json_schema_extra={"additionalProperties": False},
    ),
]
WaitForPhone = Annotated[
    bool | None,
    Field(
        description="Whether to accept it while no phone that may send it is online: it then waits for one until its "
        "deadline. Without it the account's setting counts: false, unless its settings say otherwise, and the answer "
        "is 422.",
        examples=[True],
    ),
]


class SendRequest(TextOrTemplate):
    """An SMS to queue."""

    model_config = ConfigDict(json_schema_extra=ONE_OF_BOTH | {"dependentRequired": {"variables": ["templateId"]}})

    recipient: Recipient
    message: Message | None = Field(
        default=None,
        description="Up to 1,600 characters (Unicode code points). Long messages are split and reassembled.",
        examples=["Your code is 123456"],
        json_schema_extra=patterns.shown(patterns.NOT_BLANK),
    )
    template_id: TemplateId = None
    variables: Variables | None = None
    priority: Priority = 0
    devices: Devices = None
    idempotency_key: Key | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        description="Dedupes retries: the same key never sends twice in an account. The same request gets the first "
        "answer again, also when its message was erased meanwhile; another one 409.",
        examples=["order-1042-confirmation"],
        json_schema_extra={"pattern": KEY_PATTERN},
    )
    validity_seconds: ValiditySeconds = None
    client_reference: ClientReference = None
    wait_for_phone: WaitForPhone = None
    send_at: SendAt | None = None

    @classmethod
    def faults_between(cls, data: dict[str, Any]) -> list[InitErrorDetails]:
        """What is wrong between fields."""
        found = super().faults_between(data)
        if "variables" in data and "templateId" not in data and not found:
            found.append(fault("either", "are those of a template: send templateId with them", "variables"))
        return found


class MoveRequest(RequestModel):
    """When to send a message that is Scheduled; without it it stays where it is."""

    send_at: SendAt | None = None


def job_status_names(text: str | None) -> str | None:
    """A validator: names of states of jobs, with commas between them."""
    if text is not None and not set(text.split(",")) <= set(JobStatus):
        raise PydanticCustomError("status", "must be some of " + ", ".join(JobStatus) + ", with commas between them")
    return text
