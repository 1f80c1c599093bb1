"""The console API's routes about people and what they did."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import sign_in
from smskit.accounts.api.people_views import (
    AccountView,
    AuditEntryView,
    AuditPage,
    ChangeRole,
    InviteMember,
    Me,
    MemberList,
    MemberRemoved,
    MemberView,
    RenameAccount,
)
from smskit.accounts.logic import accounts, audit_log, members
from smskit.models.audit import Entry
from smskit.models.member import Member, Role
from smskit.platform.http import serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.times import now_ms, rfc3339, time_text

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["People"]


@router.get(
    "/console/me",
    summary="Me",
    description="Who is signed in, with which role in which account. Who asks for the first time is known from then on "
    "as one who has signed in.",
    response_description="The person.",
    operation_id="getMe",
    tags=_TAGS,
)
def get_me() -> Response[Me]:
    """Show who asks."""
    person = sign_in.person()
    account = accounts.require(person.account_id)
    members.note_signed_in(person, now_ms())
    return serving.answer(
        Me(
            person_id=person.person_id,
            email=person.email,
            role=person.role.value,
            account_id=account.account_id,
            account_name=account.name,
        )
    )


@router.patch(
    "/console/account",
    summary="Rename the account",
    description="Give the account another name, which all of its people see.",
    response_description="The account as it is now.",
    operation_id="renameAccount",
    tags=["Account"],
)
def rename_account(request: RenameAccount) -> Response[AccountView]:
    """Give the account another name."""
    account = accounts.rename(sign_in.person(), request.name, now_ms())
    return serving.answer(AccountView(account_id=account.account_id, account_name=account.name))


@router.get(
    "/console/members",
    summary="Members",
    description="List the people of the account, at most 100.",
    response_description="All members, the oldest first.",
    operation_id="listMembers",
    tags=_TAGS,
)
def list_members() -> Response[MemberList]:
    """List the account's people."""
    found = members.list_all(sign_in.person().account_id)
    return serving.answer(MemberList(members=[_member_view(member) for member in found]))


@router.post(
    "/console/members",
    status_code=201,
    summary="Invite a member",
    description="Make a person a member. A new person gets a mail with a temporary password, which ends after 7 days. "
    "Inviting a member again with the same role changes nothing and is answered as the first time; who has never "
    "signed in gets another mail, with another password.",
    response_description="The member.",
    operation_id="inviteMember",
    tags=_TAGS,
)
def invite_member(request: InviteMember) -> Response[MemberView]:
    """Invite a person."""
    member = members.invite(sign_in.person(), request.email, Role(request.role), now_ms())
    return serving.answer(_member_view(member), 201)


@router.patch(
    "/console/members/<person_id>",
    summary="Change a member's role",
    description="Give a member another role; it counts from their next request on. The last owner stays one.",
    response_description="The member as they are now.",
    operation_id="changeMember",
    tags=_TAGS,
)
def change_member(person_id: str, request: ChangeRole) -> Response[MemberView]:
    """Give a member another role."""
    return serving.answer(_member_view(members.change_role(sign_in.person(), person_id, Role(request.role), now_ms())))


@router.delete(
    "/console/members/<person_id>",
    summary="Remove a member",
    description="Remove a person from the account and from the user pool; their next request is refused, whatever "
    "token they hold. The last owner stays. A removal that ended in an error is completed by the same request.",
    response_description="The member is removed.",
    operation_id="removeMember",
    tags=_TAGS,
)
def remove_member(person_id: str) -> Response[MemberRemoved]:
    """Remove a member."""
    members.remove(sign_in.person(), person_id, now_ms())
    return serving.answer(MemberRemoved(person_id=person_id, removed=True))


@router.get(
    "/console/audit",
    summary="Audit log",
    description="What people did, newest first; kept for a year.",
    response_description="A page of the log.",
    operation_id="listAudit",
    tags=_TAGS,
)
def list_audit(
    limit: Annotated[int, Query(ge=1, le=100, description="Entries a page.", examples=[50])] = 50,
    cursor: Cursor = None,
) -> Response[AuditPage]:
    """Show what people did."""
    page = audit_log.list_page(sign_in.person().account_id, limit, cursor, now_ms())
    return serving.answer(AuditPage.of(page, _entry_view))


def _member_view(member: Member) -> MemberView:
    return MemberView(
        person_id=member.person_id,
        email=member.email,
        role=member.role.value,
        created_at=rfc3339(member.created_at),
        invited_by=member.invited_by,
        signed_in_at=time_text(member.signed_in_at),
    )


def _entry_view(entry: Entry) -> AuditEntryView:
    return AuditEntryView(
        entry_id=entry.entry_id,
        at=rfc3339(entry.at),
        person_id=entry.person_id,
        email=entry.email,
        action=entry.action.value,
        subject=entry.subject,
        details=dict(entry.details),
    )
