"""The user pool: who may sign in. A person's id is their `sub`, which the pool takes as a user name too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from smskit import aws, settings
from smskit.errors import InvalidEmailError, UnavailableError, UserExistsError

# Too many requests, a quota such as Cognito's 50 mails a day, or a mail that could not be handed over.
_NOT_NOW = frozenset({"TooManyRequestsException", "LimitExceededException", "CodeDeliveryFailureException"})
_RETRY_AFTER = 60


@dataclass(frozen=True, slots=True)
class User:
    """A user of the pool, by their status there."""

    person_id: str
    status: str

    @property
    def is_unconfirmed(self) -> bool:
        """Signed up, and hasn't shown yet that the address is theirs."""
        return self.status == "UNCONFIRMED"

    @property
    def never_signed_in(self) -> bool:
        """Has a temporary password, which may have ended."""
        return self.status == "FORCE_CHANGE_PASSWORD"


def create(email: str, temporary_password: str | None = None) -> User:
    """A new user. The pool mails a temporary password, unless one is given.

    Raises UserExistsError, InvalidEmailError or UnavailableError; every other function here may raise the last one.
    """
    arguments: dict[str, Any] = (
        {"DesiredDeliveryMediums": ["EMAIL"]}
        if temporary_password is None
        else {"TemporaryPassword": temporary_password, "MessageAction": "SUPPRESS"}
    )
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    with _asking() as (client, pool):
        try:
            answer = client.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes, **arguments)
        except client.exceptions.UsernameExistsException:
            raise UserExistsError("the user pool has this address already") from None
    return User(_subject(answer["User"]["Attributes"]), answer["User"]["UserStatus"])


def mail_again(email: str) -> None:
    """Mail a user who never signed in another temporary password, good for as long as a first one; one who is gone or
    has signed in is left alone."""
    with _asking() as (client, pool):
        try:
            client.admin_create_user(
                UserPoolId=pool, Username=email, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"]
            )
        except (client.exceptions.UserNotFoundException, client.exceptions.UnsupportedUserStateException):
            return


def set_temporary_password(person_id: str, password: str) -> None:
    """Give a user another temporary password, and mail nothing. No function has the right to this."""
    with _asking() as (client, pool):
        client.admin_set_user_password(UserPoolId=pool, Username=person_id, Password=password, Permanent=False)


def find(email: str) -> User | None:
    """The user with this address, or None. Raises InvalidEmailError."""
    with _asking() as (client, pool):
        try:
            answer = client.admin_get_user(UserPoolId=pool, Username=email)
        except client.exceptions.UserNotFoundException:
            return None
    return User(_subject(answer["UserAttributes"]), answer["UserStatus"])


def set_group(person_id: str, group: str, others: list[str]) -> None:
    """Put the user into one group and take them out of the others; one who is gone is left alone."""
    with _asking() as (client, pool):
        try:
            for other in others:
                client.admin_remove_user_from_group(UserPoolId=pool, Username=person_id, GroupName=other)
            client.admin_add_user_to_group(UserPoolId=pool, Username=person_id, GroupName=group)
        except client.exceptions.UserNotFoundException:
            return


def delete(person_id: str) -> None:
    """Remove the user, who can then neither sign in nor get new tokens; one who is gone is left alone."""
    with _asking() as (client, pool):
        try:
            client.admin_delete_user(UserPoolId=pool, Username=person_id)
        except client.exceptions.UserNotFoundException:
            return


@contextmanager
def _asking() -> Iterator[tuple[Any, str]]:
    """Cognito's client and the pool's id; its refusals become this project's errors."""
    client = aws.client("cognito-idp")
    try:
        yield client, settings.user_pool()
    except client.exceptions.ClientError as refused:
        code = refused.response["Error"]["Code"]
        if code in _NOT_NOW:
            detail = "The user pool can't do this at the moment; send the same request again"
            raise UnavailableError(detail, _RETRY_AFTER) from None
        if code == "InvalidParameterException":
            raise InvalidEmailError("email is not an address that the user pool takes") from None
        raise


def _subject(attributes: list[dict[str, str]]) -> str:
    (subject,) = (entry["Value"] for entry in attributes if entry["Name"] == "sub")
    return subject
