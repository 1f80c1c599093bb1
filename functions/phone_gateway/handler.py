"""Connections and frames of phones on the WebSocket API."""

from __future__ import annotations

from typing import Any

from smskit import aws
from smskit.dispatch.logic import connections
from smskit.entrypoints import phone_gateway
from smskit.platform import logs, patience
from smskit.platform.logs import logger

aws.prepare("dynamodb", "sqs", "apigatewaymanagementapi")


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """$connect, $disconnect and every frame; the answer to a frame is the body."""
    patience.heed(context)
    caller = phone_gateway.caller_of(event["requestContext"])
    logger().set_correlation_id(caller.connection_id)
    match event["requestContext"]["routeKey"]:
        case "$connect":
            accepted = connections.connected(
                caller.account_id, caller.device_id, caller.connection_id, caller.connected_at
            )
            logger().info("connect", device_id=caller.device_id, accepted=accepted)
            return {"statusCode": 200 if accepted else 403}
        case "$disconnect":
            was_current = connections.closed(caller.account_id, caller.device_id, caller.connection_id)
            logger().info("disconnect", device_id=caller.device_id, was_current=was_current)
            return {"statusCode": 200}
        case _:
            try:
                answer = phone_gateway.answer(caller, event.get("body") or "")
            except Exception as error:
                logs.failure(error)
                return {"statusCode": 500}
            return {"statusCode": 200} if answer is None else {"statusCode": 200, "body": answer}
