"""One boto3 session and one lazily made low-level client a service."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, overload

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient


@lru_cache(maxsize=1)
def session() -> boto3.Session:
    """The session that every client shares: loading botocore's data twice costs a cold start."""
    import boto3

    return boto3.Session()


@overload
def client(service: Literal["dynamodb"]) -> DynamoDBClient: ...
@overload
def client(service: Literal["sqs"]) -> SQSClient: ...
@overload
def client(service: Literal["apigatewaymanagementapi"], endpoint_url: str) -> ApiGatewayManagementApiClient: ...
@overload
def client(service: Literal["stepfunctions", "cognito-idp"]) -> Any: ...
@lru_cache(maxsize=8)
def client(service: str, endpoint_url: str | None = None) -> Any:
    """A cached client with timeouts short enough for a handler that may run 5 s."""
    from botocore.config import Config

    config = Config(
        connect_timeout=1,
        read_timeout=3,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=100,
    )
    return session().client(service, endpoint_url=endpoint_url, config=config)
