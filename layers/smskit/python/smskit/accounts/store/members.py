"""Members. Each is two items that always change in one transaction: one by person, which every request of that person
reads, and one in the account's list. The account itself counts members and owners, so that the last owner stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from smskit import settings
from smskit.accounts.store import accounts, audit_log
from smskit.errors import LastOwnerError, MemberExistsError, NotFoundError, TooManyMembersError, TransactionRefusedError
from smskit.models.audit import Entry
from smskit.models.member import Member, Role
from smskit.platform import table
from smskit.platform.codec import Item

MAX_MEMBERS = 100
_MEMBERSHIP, _LISTED, _FORMER = "membership", "member#", "former#"
_REMOVAL_SECONDS = 7 * 86_400
_REFUSED = "ConditionalCheckFailed"
_AS_READ = "accountId = :account AND memberRole = :old"


def get(person_id: str) -> Member | None:
    """The membership of a person as it is now, or None."""
    item = table.get("accounts", _key(person_id))
    return _member(item) if item else None


def list_all(account_id: str) -> list[Member]:
    """The account's members, in no order: at most MAX_MEMBERS."""
    values: Item = {":account": account_id, ":listed": _LISTED}
    condition = "pk = :account AND begins_with(sk, :listed)"
    found, _ = table.query("accounts", condition, values, limit=MAX_MEMBERS)
    return [_member(item) for item in found]


def addresses(account_id: str, person_ids: Iterable[str]) -> dict[str, str]:
    """The e-mail addresses of those who are members, and of those who were as long as the audit log names them; by id.
    50 people a request, eventually consistent."""
    sorts = [kind + person_id for person_id in person_ids for kind in (_LISTED, _FORMER)]
    items = table.get_many("accounts", [{"pk": account_id, "sk": sort} for sort in sorts], consistent=False)
    # Who was removed and invited again is a member, with the address that they have now.
    items.sort(key=lambda item: str(item["sk"]).startswith(_LISTED))
    return {item["personId"]: item["email"] for item in items}


def add(member: Member, entry: Entry) -> None:
    """Store a member and note it. Raises MemberExistsError, TooManyMembersError, NotFoundError of the account."""
    values: Item = {":one": 1, ":owner": int(member.role is Role.OWNER), ":max": MAX_MEMBERS}
    room = "attribute_exists(pk) AND (attribute_not_exists(members) OR members < :max)"
    item = _item(member)
    operations = [
        table.update_op("accounts", accounts.key(member.account_id), "ADD members :one, owners :owner", values, room),
        table.put_op("accounts", _key(member.person_id) | item, "attribute_not_exists(pk)"),
        table.put_op("accounts", _listed(member) | item),
        audit_log.put_op(entry),
    ]
    try:
        table.transact(operations)
    except TransactionRefusedError as refused:
        if refused.reasons[1] == _REFUSED:
            raise MemberExistsError("email belongs to a member already") from None
        if refused.reasons[0] != _REFUSED:
            raise
        if accounts.get(member.account_id) is None:
            raise NotFoundError(f"there is no account {member.account_id}") from None
        raise TooManyMembersError(f"an account has at most {MAX_MEMBERS} members") from None


def set_role(member: Member, role: Role, entry: Entry) -> Member:
    """Change the role of a member as read, and note it. Raises LastOwnerError; TransactionRefusedError when the member
    has changed since."""
    values: Item = {":account": member.account_id, ":old": member.role.value, ":new": role.value}
    change = int(role is Role.OWNER) - int(member.role is Role.OWNER)
    operations = [
        _count_op(member, members=0, owners=change),
        table.update_op("accounts", _key(member.person_id), "SET memberRole = :new", values, _AS_READ),
        table.update_op("accounts", _listed(member), "SET memberRole = :new", values, _AS_READ),
        audit_log.put_op(entry),
    ]
    _transact(member, operations)
    return replace(member, role=role)


def remove(member: Member, entry: Entry) -> None:
    """Remove a member as read, and note it; the removal is unsettled then, and the address stays as long as the entry.

    Raises LastOwnerError; TransactionRefusedError when the member has changed since.
    """
    values: Item = {":account": member.account_id, ":old": member.role.value}
    unsettled = _removed(member.account_id, member.person_id) | {"ttl": entry.at // 1000 + _REMOVAL_SECONDS}
    operations = [
        _count_op(member, members=-1, owners=-int(member.role is Role.OWNER)),
        table.delete_op("accounts", _key(member.person_id), _AS_READ, values),
        table.delete_op("accounts", _listed(member)),
        table.put_op("accounts", unsettled),
        table.put_op("accounts", _former(member, entry)),
        audit_log.put_op(entry),
    ]
    _transact(member, operations)


def is_removal_unsettled(account_id: str, person_id: str) -> bool:
    """Whether the account removed this member, and `settle_removal` hasn't been called since; a week at most."""
    return table.get("accounts", _removed(account_id, person_id)) is not None


def settle_removal(account_id: str, person_id: str) -> None:
    """Nothing of the removal is left to do."""
    table.delete("accounts", _removed(account_id, person_id))


def note_signed_in(account_id: str, person_id: str, now: int) -> None:
    """The member has come; the first time stays. Nothing for one who was removed meanwhile."""
    values: Item = {":account": account_id, ":now": now}
    expression, is_member = "SET signedInAt = if_not_exists(signedInAt, :now)", "accountId = :account"
    keys = (_key(person_id), {"pk": account_id, "sk": _LISTED + person_id})
    try:
        table.transact([table.update_op("accounts", key, expression, values, is_member) for key in keys])
    except TransactionRefusedError:
        return


def _transact(member: Member, operations: list[Item]) -> None:
    """Change a member as read. Where the owners can't be counted down, the member's own change may have been made
    meanwhile: only one who is as before is the last."""
    try:
        table.transact(operations)
    except TransactionRefusedError as refused:
        if refused.reasons[0] == _REFUSED and get(member.person_id) == member:
            raise LastOwnerError("an account keeps at least one owner") from None
        raise


def _count_op(member: Member, *, members: int, owners: int) -> Item:
    values: Item = {":members": members, ":owners": owners}
    condition = None
    if owners < 0:
        condition, values = "owners > :one", values | {":one": 1}
    expression = "ADD members :members, owners :owners"
    return table.update_op("accounts", accounts.key(member.account_id), expression, values, condition)


def _key(person_id: str) -> Item:
    return {"pk": f"person#{person_id}", "sk": _MEMBERSHIP}


def _listed(member: Member) -> Item:
    return {"pk": member.account_id, "sk": _LISTED + member.person_id}


def _removed(account_id: str, person_id: str) -> Item:
    return {"pk": account_id, "sk": f"removed#{person_id}"}


def _former(member: Member, entry: Entry) -> Item:
    """Who left, for what names them still."""
    kept: Item = {"personId": member.person_id, "email": member.email}
    kept["ttl"] = entry.at // 1000 + settings.audit_seconds()
    return kept | {"pk": member.account_id, "sk": _FORMER + member.person_id}


def _item(member: Member) -> Item:
    """Without its keys. `memberRole`, since `role` is a reserved word of DynamoDB's expressions."""
    return {
        "personId": member.person_id,
        "accountId": member.account_id,
        "memberRole": member.role.value,
        "email": member.email,
        "createdAt": member.created_at,
        "invitedBy": member.invited_by,
    }


def _member(item: Item) -> Member:
    return Member(
        item["personId"], item["accountId"], Role(item["memberRole"]), item["email"], item["createdAt"],
        item.get("invitedBy"), item.get("signedInAt"),
    )  # fmt: skip
