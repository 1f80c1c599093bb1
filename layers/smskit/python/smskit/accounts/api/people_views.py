"""Requests and answers about people."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from smskit.models.audit import Action
from smskit.models.member import Role
from smskit.platform.http import patterns
from smskit.platform.http.api_models import ApiModel, RequestModel, maybe, not_blank, time_field
from smskit.platform.http.page_views import PageView

_PERSON_ID = "8b6e1f7a-2c1d-4f7e-9a57-0d3c5a1e6f42"
_ROLES: list[Any] = [role.value for role in Role]
_ADDRESS = re.compile(patterns.EMAIL, re.ASCII)


def _known_role(text: str) -> str:
    if text not in _ROLES:
        raise PydanticCustomError("role", "must be one of " + ", ".join(_ROLES))
    return text


def address(text: str) -> str:
    """The e-mail address in the form that is stored. Raises PydanticCustomError."""
    if not _ADDRESS.fullmatch(text):
        raise PydanticCustomError("email", "must be an e-mail address")
    return text.lower()


Email = Annotated[
    str,
    Field(
        min_length=3,
        max_length=128,
        description="Where the invitation goes; the person signs in with it. Upper and lower case are the same. "
        "The user pool takes it or not.",
        examples=["amina@example.com"],
        json_schema_extra=patterns.shown(patterns.EMAIL, "email"),
    ),
    AfterValidator(address),
]
_Role = Annotated[
    str,
    AfterValidator(_known_role),
    Field(
        description="viewer: reads. operator: also works with messages and phones. owner: also manages people, keys "
        "and settings.",
        examples=["operator"],
        json_schema_extra={"enum": _ROLES},
    ),
]


class InviteMember(RequestModel):
    """A person to invite."""

    email: Email
    role: _Role


class ChangeRole(RequestModel):
    """Another role."""

    role: _Role


class MemberView(ApiModel):
    """A member of the account."""

    person_id: str = Field(examples=[_PERSON_ID])
    email: str = Field(examples=["amina@example.com"])
    role: str = Field(examples=["operator"], json_schema_extra={"enum": _ROLES})
    created_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})
    invited_by: str | None = maybe(description="The personId of who invited them.", examples=[_PERSON_ID])
    signed_in_at: str | None = time_field("When they first signed in and asked `GET /console/me`; absent before that.")


class MemberList(ApiModel):
    """All members of the account, the oldest first."""

    members: list[MemberView]


class MemberRemoved(ApiModel):
    """The member is removed."""

    person_id: str = Field(examples=[_PERSON_ID])
    removed: bool = Field(examples=[True])


class Me(ApiModel):
    """Who asks, and for which account."""

    person_id: str = Field(examples=[_PERSON_ID])
    email: str = Field(examples=["amina@example.com"])
    role: str = Field(examples=["operator"], json_schema_extra={"enum": _ROLES})
    account_id: str = Field(examples=["acc_06F2M8QZ4N1R7T3V5W0X"])
    account_name: str = Field(examples=["Acme"])


class RenameAccount(RequestModel):
    """Another name."""

    name: Annotated[str, AfterValidator(not_blank)] = Field(
        min_length=1, max_length=100, description="What people call it.", examples=["Acme Kenya"],
        json_schema_extra=patterns.shown(patterns.NOT_BLANK),
    )  # fmt: skip


class AccountView(ApiModel):
    """An account."""

    account_id: str = Field(examples=["acc_06F2M8QZ4N1R7T3V5W0X"])
    account_name: str = Field(examples=["Acme Kenya"])


class AuditEntryView(ApiModel):
    """What a person did."""

    entry_id: str = Field(examples=["aud_06F2M8QZ4N1R7T3V5W0X"])
    at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})
    person_id: str = Field(
        description="`smskit-admin` for what was done on the deployment's command line.", examples=[_PERSON_ID]
    )
    email: str = Field(description="The person's address then.", examples=["amina@example.com"])
    action: str = Field(
        examples=["member.role-changed"], json_schema_extra={"enum": [action.value for action in Action]}
    )
    subject: str = Field(description="The id of what it was done to.", examples=[_PERSON_ID])
    details: dict[str, str] = Field(examples=[{"before": "viewer", "after": "operator"}])


class AuditPage(PageView):
    """A page of the audit log, newest entry first."""

    items: list[AuditEntryView] = Field(alias="entries")
