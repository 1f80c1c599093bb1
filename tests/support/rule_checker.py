"""Holds every request to DynamoDB and SQS against AWS's own rules, which moto lets pass.

What breaks one would work here and fail on AWS: it is an error at the call, and, since a function may catch that, at
the end of the test once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.client
import pytest

from tests.support import queue_rules
from tests.support.dynamodb import rules
from tests.support.refusals import InvalidRequestError

_CHECKS = {"dynamodb": rules.check, "sqs": queue_rules.check}


class BrokenRuleError(AssertionError):
    """A request that AWS would refuse whatever is stored."""


def check(service: str, operation: str, arguments: dict[str, Any]) -> None:
    """Raises BrokenRuleError for a request that AWS refuses before it looks at any item or queue."""
    if service not in _CHECKS:
        return
    try:
        _CHECKS[service](operation, arguments)
    except InvalidRequestError as broken:
        raise BrokenRuleError(f"{operation}: {broken}") from None


@contextmanager
def checked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Check the requests of all clients, whoever makes them. Raises BrokenRuleError at the end if one broke a rule."""
    original, broken = botocore.client.BaseClient._make_api_call, list[BrokenRuleError]()

    def call(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
        try:
            check(self.meta.service_model.service_name, operation, arguments)
        except BrokenRuleError as error:
            broken.append(error)
            raise
        return original(self, operation, arguments)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)
    yield
    if broken:
        raise broken[0]
