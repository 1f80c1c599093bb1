"""One request to DynamoDB: its refusals as this project's errors, and those of the moment waited out.

Botocore retries neither conflicts nor cancelled transactions, and its first pause is up to a second; so its own retries
are off for DynamoDB, and this is the only place that tries again.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smskit import aws
from smskit.errors import AnswerLostError, ConditionFailedError, ContentionError, TransactionRefusedError
from smskit.platform.codec import decode_item
from smskit.platform.patience import Patience

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

MOST_OPERATIONS = 100
_REFUSED = "ConditionalCheckFailed"
_OF_THE_MOMENT = frozenset(
    {
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)
_PERHAPS_DONE = frozenset({"InternalServerError", "ServiceUnavailable"})
_REASONS_OF_THE_MOMENT = frozenset({"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


def send(name: str, arguments: Mapping[str, Any], *, waits: bool = True) -> dict[str, Any]:
    """One request; the answer.

    Raises ConditionFailedError with what was there, and ContentionError when DynamoDB refuses for longer than the
    handler can wait; without `waits` at once.
    """
    patience = Patience()
    while True:
        try:
            return _once(name, arguments)
        except ContentionError:
            if not waits:
                raise
            patience.wait(f"{name} was refused under every try")


def transact(operations: Sequence[Mapping[str, Any]]) -> None:
    """All of the operations or none.

    Raises TransactionRefusedError with a reason for each when the condition of at least one doesn't hold: nothing else
    says that somebody moved on. A repetition under the same token changes nothing if the first one was carried out
    after all; a cancelled one is tried again under a new token.
    """
    if len(operations) > MOST_OPERATIONS:
        raise ValueError(f"a transaction takes {MOST_OPERATIONS} operations, not {len(operations)}")
    patience, token = Patience(), secrets.token_hex(16)
    while True:
        try:
            _once("transact_write_items", {"TransactItems": list(operations), "ClientRequestToken": token})
        except TransactionRefusedError as cancelled:
            if _REFUSED in cancelled.reasons:
                raise
            token, reason = secrets.token_hex(16), f"cancelled under every try: {cancelled.reasons}"
        except ContentionError as refused:
            reason = str(refused)
        else:
            return
        patience.wait(reason)


def _once(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    from botocore import exceptions

    try:
        answer: dict[str, Any] = getattr(aws.client("dynamodb"), name)(**arguments)
    except exceptions.ClientError as refused:
        raise _meaning(refused) from None
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as lost:
        raise AnswerLostError(type(lost).__name__) from lost
    return answer


def _meaning(refused: ClientError) -> Exception:
    code = refused.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        item: Any = refused.response.get("Item")
        return ConditionFailedError(decode_item(item) if item else None)
    if code == "TransactionCanceledException":
        found: Any = refused.response.get("CancellationReasons", [])
        reasons = [str(reason.get("Code", "None")) for reason in found]
        if _REFUSED in reasons or _REASONS_OF_THE_MOMENT.issuperset(reasons):
            return TransactionRefusedError(reasons)
    if code in _PERHAPS_DONE:
        return AnswerLostError(code)
    return ContentionError(code) if code in _OF_THE_MOMENT else refused
