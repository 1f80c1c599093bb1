"""Reads what a function wrote to its log group in the emulator."""

from botocore.exceptions import ClientError

from smskit_local.errors import LocalStackError
from smskit_local.safety import emulator_session, require_emulator


def function_log(endpoint: str, function: str, *, limit: int = 200) -> list[str]:
    """The last lines of a function such as ``client_api``, oldest first.

    Raises LocalStackError for a function that doesn't exist.
    """
    require_emulator(endpoint)
    client = emulator_session().client("logs", endpoint_url=endpoint)
    try:
        pages = client.get_paginator("filter_log_events").paginate(logGroupName=f"/smskit/emulator/{function}")
        events = sorted((event for page in pages for event in page["events"]), key=lambda event: event["timestamp"])
    except ClientError as error:
        raise LocalStackError(f"there is no log of {function!r}: name a folder of functions/ ({error})") from error
    return [str(event["message"]).rstrip("\n") for event in events[-limit:]]
