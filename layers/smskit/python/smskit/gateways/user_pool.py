"""The user pool: who may sign in. A person's id is their `sub`, which the pool takes as a user name too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smskit import aws, settings
from smskit.errors import UserExistsError


@dataclass(frozen=True, slots=True)
class User:
    """A user of the pool. Unconfirmed: signed up, and hasn't shown yet that the address is theirs."""

    person_id: str
    is_unconfirmed: bool


def create(email: str, temporary_password: str | None = None) -> str:
    """A new user's id. The pool mails a temporary password, unless one is given. Raises UserExistsError."""
    client = _client()
    arguments: dict[str, Any] = (
        {"DesiredDeliveryMediums": ["EMAIL"]}
        if temporary_password is None
        else {"TemporaryPassword": temporary_password, "MessageAction": "SUPPRESS"}
    )
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        answer = client.admin_create_user(
            UserPoolId=settings.user_pool(), Username=email, UserAttributes=attributes, **arguments
        )
    except client.exceptions.UsernameExistsException:
        raise UserExistsError("the user pool has this address already") from None
    return _subject(answer["User"]["Attributes"])


def find(email: str) -> User | None:
    """The user with this address, or None."""
    client = _client()
    try:
        answer = client.admin_get_user(UserPoolId=settings.user_pool(), Username=email)
    except client.exceptions.UserNotFoundException:
        return None
    return User(_subject(answer["UserAttributes"]), answer["UserStatus"] == "UNCONFIRMED")


def set_group(person_id: str, group: str, others: list[str]) -> None:
    """Put the user into one group and take them out of the others; one who is gone is left alone."""
    client, pool = _client(), settings.user_pool()
    try:
        for other in others:
            client.admin_remove_user_from_group(UserPoolId=pool, Username=person_id, GroupName=other)
        client.admin_add_user_to_group(UserPoolId=pool, Username=person_id, GroupName=group)
    except client.exceptions.UserNotFoundException:
        return


def delete(person_id: str) -> None:
    """Remove the user, who can then neither sign in nor get new tokens; one who is gone is left alone."""
    client = _client()
    try:
        client.admin_delete_user(UserPoolId=settings.user_pool(), Username=person_id)
    except client.exceptions.UserNotFoundException:
        return


def _client() -> Any:
    return aws.client("cognito-idp")


def _subject(attributes: list[dict[str, str]]) -> str:
    (subject,) = (entry["Value"] for entry in attributes if entry["Name"] == "sub")
    return subject
