"""People of an account: recognised with each request, invited, given another role, removed.

The membership decides; the user pool's groups mirror it. Whatever a crash leaves half done between the two, the same
request sent again completes.
"""

from __future__ import annotations

import re

from smskit.accounts.gateways import user_pool
from smskit.accounts.gateways.user_pool import User
from smskit.accounts.logic import accounts, audit_log
from smskit.accounts.store import members
from smskit.errors import MemberExistsError, NotFoundError, UserExistsError
from smskit.models.audit import Action
from smskit.models.member import Member, Person, Role

_NO_MEMBER = "the account has no such member"
_PERSON_ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)  # Cognito's subjects are UUIDs


def recognise(person_id: str) -> Person | None:
    """Who the person is now, or None when no account has them as a member."""
    member = members.get(person_id)
    if member is None:
        return None
    has_signed_in = member.signed_in_at is not None
    return Person(member.person_id, member.account_id, member.role, member.email, has_signed_in)


def note_signed_in(person: Person, now: int) -> None:
    """Remember when the person first came; a write for each person, once."""
    if not person.has_signed_in:
        members.note_signed_in(person.account_id, person.person_id, now)


def list_all(account_id: str) -> list[Member]:
    """The account's members, the oldest first."""
    return sorted(members.list_all(account_id), key=lambda member: (member.created_at, member.person_id))


def invite(owner: Person, email: str, role: Role, now: int) -> Member:
    """Make the person with this address a member; one who is already stays. The user pool mails a temporary password to
    a new user, and another one to who never signed in.

    Raises MemberExistsError for a member with another role or of another account, TooManyMembersError.
    """
    return _join(owner, email, role, now, invited_by=owner.person_id)


def create_owner(account_id: str, email: str, now: int, temporary_password: str | None = None) -> Member:
    """An owner made by who runs the deployment: the first one, or one for an account that has lost its owners. A member
    becomes one; who never signed in gets the temporary password, or another mail.

    Raises NotFoundError for an unknown account, and as `invite` does.
    """
    accounts.require(account_id)
    operator = audit_log.command_line(account_id)
    found = user_pool.find(email)
    present = members.get(found.person_id) if found else None
    if present is not None and present.account_id == account_id:
        change_role(operator, present.person_id, Role.OWNER, now)
    return _join(operator, email, Role.OWNER, now, temporary_password=temporary_password)


def change_role(owner: Person, person_id: str, role: Role, now: int) -> Member:
    """Give a member another role. Raises NotFoundError or LastOwnerError."""
    member = _require(owner.account_id, person_id)
    if member.role is not role:
        change = {"before": member.role.value, "after": role.value}
        member = members.set_role(
            member, role, audit_log.entry(owner, Action.MEMBER_ROLE_CHANGED, person_id, now, **change)
        )
    _mirror(member)
    return member


def remove(owner: Person, person_id: str, now: int) -> None:
    """Remove a member: at once from the account, then from the user pool. Raises NotFoundError or LastOwnerError.

    The pool keeps whom another account has made its member meanwhile.
    """
    _check(person_id)
    member = members.get(person_id)
    is_own = member is not None and member.account_id == owner.account_id
    if member is not None and is_own:
        members.remove(member, audit_log.entry(owner, Action.MEMBER_REMOVED, person_id, now, email=member.email))
    elif not members.is_removal_unsettled(owner.account_id, person_id):
        raise NotFoundError(_NO_MEMBER)
    if member is None or is_own:
        user_pool.delete(person_id)
    members.settle_removal(owner.account_id, person_id)


def _join(
    by: Person,
    email: str,
    role: Role,
    now: int,
    *,
    invited_by: str | None = None,
    temporary_password: str | None = None,
) -> Member:
    user, is_new = _user(email, temporary_password)
    member = Member(user.person_id, by.account_id, role, email, now, invited_by)
    details = {"email": email, "role": role.value}
    try:
        members.add(member, audit_log.entry(by, Action.MEMBER_INVITED, user.person_id, now, **details))
    except MemberExistsError:
        existing = members.get(user.person_id)
        if existing is None or (existing.account_id, existing.role) != (by.account_id, role):
            raise
        member = existing
    _mirror(member)
    if user.never_signed_in and not is_new:
        _renew_password(user, email, temporary_password)
    return member


def _user(email: str, temporary_password: str | None) -> tuple[User, bool]:
    """The user with this address, and whether they are new. Whoever signed up with it without showing that it is theirs
    gets out of the way: their password must not open the account to them."""
    found = user_pool.find(email)
    if found is not None and not found.is_unconfirmed:
        return found, False
    if found is not None:
        user_pool.delete(found.person_id)
    try:
        return user_pool.create(email, temporary_password), True
    except UserExistsError:
        found = user_pool.find(email)  # another invitation was faster
        if found is None or found.is_unconfirmed:
            raise
        return found, True


def _renew_password(user: User, email: str, temporary_password: str | None) -> None:
    """The temporary password from before may have ended."""
    if temporary_password is None:
        user_pool.mail_again(email)
    else:
        user_pool.set_temporary_password(user.person_id, temporary_password)


def _mirror(member: Member) -> None:
    user_pool.set_group(member.person_id, member.role.value, [role.value for role in Role if role is not member.role])


def _check(person_id: str) -> None:
    """Raise NotFoundError for what is no id of a person: a key of DynamoDB has a length."""
    if not _PERSON_ID.fullmatch(person_id):
        raise NotFoundError(_NO_MEMBER)


def _require(account_id: str, person_id: str) -> Member:
    _check(person_id)
    member = members.get(person_id)
    if member is None or member.account_id != account_id:
        raise NotFoundError(_NO_MEMBER)
    return member
