"""Templates: one item each, in a partition of their account, with a count of them that bounds how many there may be.

Each change is a transaction with its entry of the audit log. Both worlds of an account use those of the live one.
"""

from __future__ import annotations

from dataclasses import replace

from smskit.accounts.store import audit_log
from smskit.errors import ConditionFailedError, NotFoundError, TooManyTemplatesError, TransactionRefusedError
from smskit.models import worlds
from smskit.models.audit import Entry
from smskit.models.template import MOST_TEMPLATES, Template
from smskit.platform import table
from smskit.platform.codec import Item

_REFUSED = "ConditionalCheckFailed"


def get(account_id: str, template_id: str) -> Template | None:
    """The template as it is now, or None."""
    item = table.get("accounts", _key(account_id, template_id))
    return _template(item) if item else None


def list_all(account_id: str) -> list[Template]:
    """The account's templates, oldest first: at most MOST_TEMPLATES. Eventually consistent."""
    values: Item = {":pk": _partition(account_id), ":tpl": "tpl_"}
    return [_template(item) for item in table.pages("accounts", "pk = :pk AND begins_with(sk, :tpl)", values)]


def create(template: Template, entry: Entry) -> None:
    """Store a new template. Raises TooManyTemplatesError."""
    room = "attribute_not_exists(kept) OR kept < :most"
    values: Item = {":one": 1, ":most": MOST_TEMPLATES}
    operations = [
        table.update_op("accounts", _count_key(template.account_id), "ADD kept :one", values, room),
        table.put_op("accounts", _item(template), "attribute_not_exists(pk)"),
        audit_log.put_op(entry),
    ]
    try:
        table.transact(operations)
    except TransactionRefusedError as refused:
        if refused.reasons[0] == _REFUSED:
            raise TooManyTemplatesError(f"An account has at most {MOST_TEMPLATES} templates") from None
        raise


def save(template: Template, entry: Entry) -> Template:
    """Replace the version that `template` was made from. Raises ConditionFailedError when another change was first."""
    saved = replace(template, version=template.version + 1)
    operation = table.put_op("accounts", _item(saved), "version = :seen", {":seen": template.version})
    try:
        table.transact([operation, audit_log.put_op(entry)])
    except TransactionRefusedError:
        raise ConditionFailedError(None) from None
    return saved


def remove(account_id: str, template_id: str, entry: Entry) -> None:
    """Remove a template. Raises NotFoundError when it isn't there."""
    operations = [
        table.delete_op("accounts", _key(account_id, template_id), "attribute_exists(pk)"),
        table.update_op("accounts", _count_key(account_id), "ADD kept :less", {":less": -1}),
        audit_log.put_op(entry),
    ]
    try:
        table.transact(operations)
    except TransactionRefusedError:
        raise NotFoundError("There is no template with this id in the account") from None


def _partition(account_id: str) -> str:
    return f"{worlds.live_of(account_id)}#templates"


def _key(account_id: str, template_id: str) -> Item:
    return {"pk": _partition(account_id), "sk": template_id}


def _count_key(account_id: str) -> Item:
    return {"pk": _partition(account_id), "sk": "count"}


def _item(template: Template) -> Item:
    return _key(template.account_id, template.template_id) | {
        "accountId": template.account_id,
        "name": template.name,
        "message": template.message,
        "longest": dict(template.longest),
        "createdAt": template.created_at,
        "changedAt": template.changed_at,
        "version": template.version,
    }


def _template(item: Item) -> Template:
    return Template(
        item["sk"], item["accountId"], item["name"], item["message"], item["longest"], item["createdAt"],
        item["changedAt"], item["version"],
    )  # fmt: skip
