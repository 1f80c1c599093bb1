"""One boto3 session and one lazily made low-level client a service."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from threading import RLock
from typing import TYPE_CHECKING, Any, Generic, Literal, ParamSpec, TypeVar, overload

from smskit import settings
from smskit.caches import kept

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient


P = ParamSpec("P")
T = TypeVar("T")
_making = RLock()  # a client is made while its session may have to be made, too


class _Once(Generic[P, T]):
    """A function whose answer to the same arguments is made once: threads that ask meanwhile wait for it.

    Boto3's session isn't safe to make clients with from several threads. What is made already takes no lock.
    """

    def __init__(self, make: Callable[P, T]) -> None:
        self._make = make
        self._made: dict[Hashable, T] = kept({})

    def __call__(self, *args: P.args, **named: P.kwargs) -> T:
        key = (args, *named.items())
        if key not in self._made:
            with _making:
                if key not in self._made:
                    self._made[key] = self._make(*args, **named)
        return self._made[key]

    def cache_clear(self) -> None:
        """Forget what was made."""
        self._made.clear()


@_Once
def session() -> boto3.Session:
    """The session that every client shares: loading botocore's data twice costs a cold start."""
    import boto3

    # Boto3 knows AWS_DEFAULT_REGION and the profile; AWS_REGION, which every other tool takes, comes before them.
    return boto3.Session(region_name=os.environ.get("AWS_REGION") or None)


def prepare(*services: str) -> None:
    """Make clients while Lambda starts the process: that time is no call's, and has a whole processor.

    Outside Lambda nothing is made before it is used.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        for service in services:
            endpoint = settings.callback_url() if service == "apigatewaymanagementapi" else None
            arguments = (service, endpoint) if endpoint else (service,)
            client(*arguments)


@overload
def client(service: Literal["dynamodb"]) -> DynamoDBClient: ...
@overload
def client(service: Literal["sqs"]) -> SQSClient: ...
@overload
def client(service: Literal["apigatewaymanagementapi"], endpoint_url: str) -> ApiGatewayManagementApiClient: ...
@overload
def client(service: Literal["stepfunctions", "cognito-idp", "kms"]) -> Any: ...
@_Once
def client(service: str, endpoint_url: str | None = None) -> Any:
    """A cached client with timeouts short enough for a handler that may run 5 s.

    DynamoDB's is asked once: `platform.dynamodb` tries again, sooner than botocore and for more reasons.
    """
    from botocore.config import Config

    config = Config(
        connect_timeout=1,
        read_timeout=3,
        retries={"mode": "standard", "total_max_attempts": 1 if service == "dynamodb" else 3},
        max_pool_connections=100,
    )
    return session().client(service, endpoint_url=endpoint_url, config=config)
