"""Which changes of tables become events, as plain data: what the streams' event sources let through.

The event sources of the template and the streams that tests hand over are filtered by the same patterns, so what isn't
let through comes in no test either. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
"""

from typing import Any

from infra.config.table_specs import DEVICES, JOBS, MESSAGES, TableSpec

Pattern = dict[str, Any]


def _presence(before: str, after: str) -> Pattern:
    images = {"OldImage": {"presence": {"S": [before]}}, "NewImage": {"presence": {"S": [after]}}}
    return {"eventName": ["MODIFY"], "dynamodb": images}


def _marker(event_name: str, image: str) -> Pattern:
    return {"eventName": [event_name], "dynamodb": {image: {"health": {"S": ["unhealthy"]}}}}


# Jobs that come to one of these states, messages that came in and changes of opt-outs, phones that came online or went
# offline, SIMs that became unhealthy and are so no more. Only equal values are asked for: a phone's item says Online or
# Offline, other items neither; an item that says unhealthy is there as long as its SIM is.
TOLD: dict[TableSpec, tuple[Pattern, ...]] = {
    JOBS: (
        {
            "eventName": ["MODIFY"],
            "dynamodb": {"NewImage": {"status": {"S": ["Sent", "Delivered", "Failed", "DeadLetter"]}}},
        },
    ),
    MESSAGES: ({"eventName": ["INSERT"], "dynamodb": {"NewImage": {"direction": {"S": ["in", "audit"]}}}},),
    DEVICES: (
        _presence("Offline", "Online"),
        _presence("Online", "Offline"),
        _marker("INSERT", "NewImage"),
        _marker("REMOVE", "OldImage"),
    ),
}
