"""Transactions in their two phases, as DynamoDB runs them.

An item that takes part in one is busy from its prepare until the transaction ends: whoever else transacts on it is
cancelled with TransactionConflict for that item (and may cancel the first one in turn), whoever writes it singly gets
TransactionConflictException.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smskit.platform.codec import encode
from tests.support import refusals
from tests.support.dynamodb.changes import conditional
from tests.support.dynamodb.tables import Place
from tests.support.refusals import InvalidRequestError

if TYPE_CHECKING:
    from tests.support.memory import DynamoDB

Item = dict[str, Any]
_REASONS = {
    "ThrottlingException": ("ThrottlingError", refusals.THROTTLED),
    "ProvisionedThroughputExceededException": ("ProvisionedThroughputExceeded", refusals.EXCEEDED),
}


@dataclass
class Running:
    """A transaction under way: what it holds, what it will write, and what speaks against it."""

    writes: dict[tuple[str, Place], Item | None] = field(default_factory=dict)
    reasons: list[Item] = field(default_factory=list)
    died: BaseException | None = None


class Transactions:
    """Those that run, the items that they hold, and the tokens of those that were carried out."""

    def __init__(self, database: DynamoDB) -> None:
        self._database = database
        self._busy: set[tuple[str, Place]] = set()
        self._tokens: dict[str, tuple[str, bool]] = {}  # what was asked under a token, and whether it was carried out

    def holds(self, table: str, place: Place) -> bool:
        """Whether the item takes part in a transaction."""
        return (table, place) in self._busy

    def run(self, operations: list[Item], token: str | None = None) -> None:
        """All or nothing. Raises the ClientError of a cancellation; what ended the caller meanwhile, after its end.

        The same request under the same token is carried out once; one that was cancelled may be tried again. (DynamoDB
        forgets a token after 10 minutes; here it lasts.)
        """
        if token is None:
            self._run(operations)
        elif self._is_done(operations, token):
            return
        else:
            self._tokens[token] = json.dumps(operations, sort_keys=True), False
            try:
                self._run(operations, token)
            finally:
                if not self._tokens[token][1]:
                    del self._tokens[token]

    def _is_done(self, operations: list[Item], token: str) -> bool:
        asked, done = self._tokens.get(token, ("", False))
        if not asked:
            return False
        if asked != json.dumps(operations, sort_keys=True):
            message = "The token was used for another request"
            raise refusals.refusal("IdempotentParameterMismatchException", "TransactWriteItems", message)
        if not done:
            message = "The transaction with the given request token is already in progress"
            raise refusals.refusal("TransactionInProgressException", "TransactWriteItems", message)
        return True

    def _run(self, operations: list[Item], token: str | None = None) -> None:
        running = Running()
        try:
            for number, operation in enumerate(operations):
                running.reasons.append(self._prepare(running, operation))
                if number == 0:
                    self._pause(running)  # prepares reach their partitions at different moments
            self._pause(running)
            if any(reason["Code"] != "None" for reason in running.reasons):
                raise refusals.cancelled(running.reasons)
            for (table, place), row in running.writes.items():
                if row is not None:
                    self._database.store(table, place, row)
            if token is not None:
                self._tokens[token] = self._tokens[token][0], True
        finally:
            self._busy -= running.writes.keys()
            if running.died is not None:
                raise running.died

    def _pause(self, running: Running) -> None:
        if running.died is None:
            try:
                self._database.weather.pause()
            except BaseException as error:  # the caller is gone; DynamoDB finishes what it was asked to do
                running.died = error

    def _prepare(self, running: Running, operation: Item) -> Item:
        """Hold the item of one operation; the reason that speaks against it, if any."""
        ((kind, arguments),) = operation.items()
        table = arguments["TableName"]
        place = self._database.place(table, arguments["Item"] if kind == "Put" else arguments["Key"])
        if self.holds(table, place):
            return refusals.reason("TransactionConflict", refusals.CONFLICT)
        code = self._database.weather.throttles("TransactWriteItems", table)
        if code is not None:
            return refusals.reason(*_REASONS[code])
        self._busy.add((table, place))
        running.writes[table, place] = None
        old = self._database.row(table, place)
        if not conditional(arguments, old):
            wants_old = arguments.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            shown = {name: encode(value) for name, value in old.items()} if wants_old else None
            return refusals.reason("ConditionalCheckFailed", refusals.CONDITION, shown)
        if kind != "ConditionCheck":
            try:
                running.writes[table, place] = self._database.changed(kind, arguments, old)
            except InvalidRequestError as broken:
                return refusals.reason("ValidationError", str(broken))
        return refusals.reason("None")
