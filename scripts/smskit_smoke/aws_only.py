"""What no emulator shows: how AWS itself joins the parts."""

from __future__ import annotations

import time

from smskit import aws, settings
from smskit_smoke.asking import until
from smskit_smoke.report import OnlyOnAwsError, SmokeError
from smskit_smoke.target import Target

_LOG_SECONDS = 180  # access logs come in by the minute


async def encrypted_stream(target: Target, has_arrived: bool) -> str:
    """Records of a table under the customer key reached a function, whose role may use the key by DynamoDB alone."""
    if target.is_emulated:
        raise OnlyOnAwsError("the emulator's streams ask no key")
    found = aws.session().client("dynamodb").describe_table(TableName=settings.table("jobs"))["Table"]
    kind = found.get("SSEDescription", {}).get("SSEType")
    if kind != "KMS":
        raise SmokeError(f"the table of jobs is encrypted with {kind or 'a key of AWS'}")
    if not has_arrived:
        raise SmokeError("no event of the encrypted table's stream has reached the webhook")
    return "SSE-KMS, and its records became a webhook"


async def log_role(target: Target, began: float) -> str:
    """API Gateway writes logs with the account's role, and did so for this smoke's connection."""
    if target.is_emulated:
        raise OnlyOnAwsError("the emulator writes no access logs")
    role = aws.session().client("apigateway").get_account().get("cloudwatchRoleArn")
    if not role:
        raise SmokeError("API Gateway has no role for its logs in this account and region")
    client, group = aws.session().client("logs"), f"/smskit/{target.env}/websocket-access"

    async def written() -> bool:
        found = client.filter_log_events(logGroupName=group, startTime=int(began * 1000), limit=1)
        return bool(found["events"])

    begun = time.monotonic()
    await until(written, f"{group} got no line", _LOG_SECONDS)
    return f"a line in {group} {time.monotonic() - begun:.0f} s later, by {role.rpartition('/')[2]}"
