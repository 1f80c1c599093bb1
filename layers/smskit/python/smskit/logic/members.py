"""People of an account: recognised with each request, invited, given another role, removed.

The membership decides; the user pool's groups mirror it. Whatever a crash leaves half done between the two, the same
request sent again completes.
"""

from __future__ import annotations

from smskit.errors import MemberExistsError, NotFoundError, UserExistsError
from smskit.gateways import user_pool
from smskit.logic import accounts, audit
from smskit.models.audit import Action
from smskit.models.member import Member, Person, Role
from smskit.store import members

_NO_MEMBER = "the account has no such member"


def recognise(person_id: str) -> Person | None:
    """Who the person is now, or None when no account has them as a member."""
    member = members.get(person_id)
    return Person(member.person_id, member.account_id, member.role, member.email) if member else None


def of_account(account_id: str) -> list[Member]:
    """The account's members, the oldest first."""
    return sorted(members.of_account(account_id), key=lambda member: (member.created_at, member.person_id))


def invite(owner: Person, email: str, role: Role, now: int) -> Member:
    """Make the person with this address a member; one who is already stays. The user pool mails a new user a temporary
    password.

    Raises MemberExistsError for a member with another role or of another account, TooManyMembersError.
    """
    return _join(owner, email, role, now, invited_by=owner.person_id)


def create_owner(account_id: str, email: str, now: int, temporary_password: str | None = None) -> Member:
    """An owner made by who runs the deployment: the first one, or one for an account that has lost its owners.

    Raises NotFoundError for an unknown account, and as `invite` does.
    """
    accounts.require(account_id)
    operator = Person("smskit-admin", account_id, Role.OWNER, "smskit-admin")
    return _join(operator, email, Role.OWNER, now, temporary_password=temporary_password)


def change_role(owner: Person, person_id: str, role: Role, now: int) -> Member:
    """Give a member another role. Raises NotFoundError or LastOwnerError."""
    member = _require(owner.account_id, person_id)
    if member.role is not role:
        change = {"before": member.role.value, "after": role.value}
        member = members.set_role(
            member, role, audit.entry(owner, Action.MEMBER_ROLE_CHANGED, person_id, now, **change)
        )
    _mirror(member)
    return member


def remove(owner: Person, person_id: str, now: int) -> None:
    """Remove a member: at once from the account, then from the user pool. Raises NotFoundError or LastOwnerError."""
    member = _require(owner.account_id, person_id)
    members.remove(member, audit.entry(owner, Action.MEMBER_REMOVED, person_id, now, email=member.email))
    user_pool.delete(person_id)


def _join(
    by: Person,
    email: str,
    role: Role,
    now: int,
    *,
    invited_by: str | None = None,
    temporary_password: str | None = None,
) -> Member:
    person_id = _user(email, temporary_password)
    member = Member(person_id, by.account_id, role, email, now, invited_by)
    details = {"email": email, "role": role.value}
    try:
        members.add(member, audit.entry(by, Action.MEMBER_INVITED, person_id, now, **details))
    except MemberExistsError:
        existing = members.get(person_id)
        if existing is None or (existing.account_id, existing.role) != (by.account_id, role):
            raise
        member = existing
    _mirror(member)
    return member


def _user(email: str, temporary_password: str | None) -> str:
    """The id of the user with this address. Whoever signed up with it without showing that it is theirs gets out of the
    way: their password must not open the account to them."""
    found = user_pool.find(email)
    if found is not None and not found.is_unconfirmed:
        return found.person_id
    if found is not None:
        user_pool.delete(found.person_id)
    try:
        return user_pool.create(email, temporary_password)
    except UserExistsError:
        found = user_pool.find(email)  # another invitation was faster
        if found is None or found.is_unconfirmed:
            raise
        return found.person_id


def _mirror(member: Member) -> None:
    user_pool.set_group(member.person_id, member.role.value, [role.value for role in Role if role is not member.role])


def _require(account_id: str, person_id: str) -> Member:
    member = members.get(person_id)
    if member is None or member.account_id != account_id:
        raise NotFoundError(_NO_MEMBER)
    return member
