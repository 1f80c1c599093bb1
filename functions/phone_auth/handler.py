"""The authorizer of the WebSocket API's $connect: a device token for a phone that may connect."""

from __future__ import annotations

from typing import Any

from smskit import aws
from smskit.phones.api.token_check import authenticate
from smskit.platform.logs import logger

aws.prepare("dynamodb")


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Allow with the phone's identity as context, or Deny: unknown, revoked and disabled look the same."""
    device = authenticate(event.get("headers") or {})
    effect = "Allow" if device else "Deny"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    logger().info("phone authorized" if device else "phone refused", device_id=device.device_id if device else None)
    if device is None:
        return {"principalId": "unknown", "policyDocument": policy}
    identity = {"accountId": device.account_id, "deviceId": device.device_id}
    return {"principalId": device.device_id, "policyDocument": policy, "context": identity}
