"""Templates, as the console API takes and shows them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from smskit.models.template import Template
from smskit.platform.http import patterns
from smskit.platform.http.api_models import ApiModel, RequestModel, not_blank
from smskit.platform.times import rfc3339
from smskit.sending.api.requests import Message, VariableName, VariableValue
from smskit.sending.logic import templates, variables

_Name = Annotated[
    str,
    Field(min_length=1, max_length=64),
    AfterValidator(not_blank),
    Field(
        description="What people call it.",
        examples=["Parcel has arrived"],
        json_schema_extra=patterns.shown(patterns.NOT_BLANK),
    ),
]
_Message = Annotated[
    Message,
    Field(
        description="`{name}` stands for a value of each message, `{{` and `}}` for the braces themselves.",
        examples=["Hello {name}, your parcel {parcel} has arrived"],
        json_schema_extra=patterns.shown(patterns.WITH_VARIABLES),
    ),
]
_Longest = Annotated[
    dict[VariableName, VariableValue],
    Field(
        max_length=50,
        description="The longest value that a variable of the message is expected to have. With them `segments` are "
        "counted.",
        examples=[{"name": "Wanjiku wa Kamau", "parcel": "KE-4711-00000"}],
        json_schema_extra={"additionalProperties": False},
    ),
]


class CreateTemplate(RequestModel):
    """A template to keep."""

    name: _Name
    message: _Message
    longest: _Longest = Field(default_factory=dict)


class ChangeTemplate(RequestModel):
    """What to change of a template; what is absent stays. `longest` replaces all of it."""

    name: _Name | None = None
    message: _Message | None = None
    longest: _Longest | None = None


class TemplateView(ApiModel):
    """A template: a text with variables, under a name."""

    template_id: str = Field(examples=["tpl_7H2K9M4P1Q6R3T8V5W0X"])
    name: str = Field(examples=["Parcel has arrived"])
    message: str = Field(examples=["Hello {name}, your parcel {parcel} has arrived"])
    variables: list[str] = Field(description="Those of its message, each once.", examples=[["name", "parcel"]])
    longest: dict[str, str] = Field(examples=[{"name": "Wanjiku wa Kamau", "parcel": "KE-4711-00000"}])
    encoding: Literal["GSM-7", "UCS-2"] = Field(description="With the longest values.", examples=["GSM-7"])
    segments: int = Field(
        description="SMS segments that a message takes with the longest values; a variable without one counts as "
        "nothing.",
        examples=[1],
    )
    created_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})
    changed_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})


class TemplateList(ApiModel):
    """All templates of the account, oldest first: at most 100."""

    templates: list[TemplateView]


def template_view(template: Template) -> TemplateView:
    """The template, with what its messages take."""
    measured = templates.measure(template)
    return TemplateView(
        template_id=template.template_id,
        name=template.name,
        message=template.message,
        variables=list(variables.parse(template.message).names),
        longest=dict(template.longest),
        encoding=measured.encoding,
        segments=len(measured.starts),
        created_at=rfc3339(template.created_at),
        changed_at=rfc3339(template.changed_at),
    )
