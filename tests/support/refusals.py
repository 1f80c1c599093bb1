"""How AWS refuses: botocore's own ClientError with the response that the service gives.

Codes and messages as in botocore's descriptions of the services, and as DynamoDB answered when it was asked:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]

CONDITION = "The conditional request failed"
CONFLICT = "Transaction is ongoing for the item"
THROTTLED = "Throughput exceeds the current capacity of your table or index."
EXCEEDED = "The level of configured provisioned throughput for the table was exceeded."


class InvalidRequestError(Exception):
    """The request breaks a rule of the service; it is refused before anything is read or written."""


class ClientErrors:
    """The exception classes of a client, as in `client.exceptions`."""

    ClientError = ClientError

    class ConditionalCheckFailedException(ClientError):  # noqa: N818 - the SDK's name
        """The condition of a single write doesn't hold."""

    class TransactionCanceledException(ClientError):  # noqa: N818 - the SDK's name
        """A transaction was cancelled; CancellationReasons say why, one for each operation."""

    class TransactionConflictException(ClientError):  # noqa: N818 - the SDK's name
        """A single write met a transaction on its item."""

    class TransactionInProgressException(ClientError):  # noqa: N818 - the SDK's name
        """A transaction with this token has not ended yet."""

    class IdempotentParameterMismatchException(ClientError):  # noqa: N818 - the SDK's name
        """The token was used for another transaction."""

    class ThrottlingException(ClientError):  # noqa: N818 - the SDK's name
        """Too many requests."""

    class ProvisionedThroughputExceededException(ClientError):  # noqa: N818 - the SDK's name
        """Too much for a partition."""

    class ResourceNotFoundException(ClientError):  # noqa: N818 - the SDK's name
        """No such table."""

    class GoneException(ClientError):  # noqa: N818 - the SDK's name
        """The connection no longer exists."""

    class PayloadTooLargeException(ClientError):  # noqa: N818 - the SDK's name
        """More than API Gateway sends in one message."""


def refusal(code: str, operation: str, message: str, status: int = 400, **more: Any) -> ClientError:
    """The error of a request; `more` stands in the response beside Error. A code without a class is a plain one."""
    made = getattr(ClientErrors, code, ClientError)
    error = {"Code": code, "Message": message}
    return made({"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}, **more}, operation)


def invalid(operation: str, message: str) -> ClientError:
    """ValidationException, DynamoDB's answer to a request that breaks a rule."""
    return refusal("ValidationException", operation, message)


def cancelled(reasons: Sequence[Item]) -> ClientError:
    """The cancellation of a transaction, with a reason for each of its operations."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return refusal("TransactionCanceledException", "TransactWriteItems", message, CancellationReasons=list(reasons))


def reason(code: str, message: str | None = None, item: Item | None = None) -> Item:
    """One reason of a cancellation; the one of an operation without fault has the code "None" and nothing else."""
    return {"Code": code} | ({"Message": message} if message else {}) | ({"Item": item} if item else {})
